import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/**
 * Filters that live in the address, so that every view can be sent as a link. An empty string is "no filter".
 */
export function useFilters<K extends string>(names: readonly K[]) {
  const route = useRoute()
  const router = useRouter()
  const read = (name: K) => {
    const v = route.query[name]
    return typeof v === 'string' ? v : ''
  }
  const values = computed(() => Object.fromEntries(names.map((n) => [n, read(n)])) as Record<K, string>)
  const set = (change: Partial<Record<K, string>>) => {
    const query = { ...route.query }
    for (const [name, value] of Object.entries(change) as [K, string][]) {
      if (value) query[name] = value
      else delete query[name]
    }
    return router.replace({ query })
  }
  const field = (name: K): WritableComputedRef<string> => computed({ get: () => read(name), set: (v) => void set({ [name]: v ?? '' } as Record<K, string>) })
  const active = computed(() => names.filter((n) => read(n) !== ''))
  const clear = () => set(Object.fromEntries(names.map((n) => [n, ''])) as Record<K, string>)
  return { values, set, field, active, clear }
}
