import { computed, shallowRef, watch, type Ref } from 'vue'

/**
 * What somebody looks at, as they saw it. What is fetched anew takes its place by itself, unless it moved on from that: then it
 * waits as `newer` until it is taken. So nobody decides about what they have not seen.
 */
export function useSeen<T>(fresh: Ref<T | undefined>, movedOn: (seen: T, now: T) => boolean) {
  const seen = shallowRef<T>()
  const newer = computed(() => (fresh.value !== undefined && seen.value !== undefined && movedOn(seen.value, fresh.value) ? fresh.value : undefined))
  const take = () => {
    seen.value = fresh.value
  }
  watch([fresh, newer], () => newer.value === undefined && take(), { immediate: true, flush: 'sync' })
  return { seen, newer, take }
}
