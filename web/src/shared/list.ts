import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, nextTick, onBeforeUnmount, onMounted, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'

export interface Page<T> {
  items: T[]
  next?: string | null
}

/** A list that the server hands out page by page. */
export function useList<T>(key: MaybeRefOrGetter<readonly unknown[]>, page: (after: string | undefined) => Promise<Page<T>>) {
  const query = useInfiniteQuery({
    queryKey: computed(() => [...toValue(key)]),
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.next ?? undefined,
  })
  const items = computed<T[]>(() => query.data.value?.pages.flatMap((p) => p.items) ?? [])
  return {
    items,
    loading: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    more: () => query.fetchNextPage(),
    retry: () => query.refetch(),
  }
}

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

interface KeyActs {
  count: () => number
  /** Which row that is. With it the one that is walked on stays the same while rows come and go. */
  id?: (index: number) => string | undefined
  open?: (index: number) => void
  toggle?: (index: number) => void
  search?: Ref<HTMLInputElement | null | undefined>
  close?: () => void
}

/** j and k walk the list, Enter opens, x chooses, / goes to the search, Escape closes what is open. */
export function useListKeys(acts: KeyActs) {
  const current = ref(-1)
  const go = (index: number) => {
    current.value = Math.max(0, Math.min(acts.count() - 1, index))
    void nextTick(() => document.querySelector('[data-row].current')?.scrollIntoView({ block: 'nearest' }))
  }
  const onKey = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector('dialog[open]')) return
    if (e.key === 'Escape' && acts.close) return acts.close()
    if (typing(e.target)) return
    const onControl = e.target instanceof HTMLElement && e.target.closest('a, button, summary') !== null
    if (e.key === '/' && acts.search?.value) acts.search.value.focus()
    else if (acts.count() === 0) return
    else if (e.key === 'j') go(current.value + 1)
    else if (e.key === 'k') go(current.value - 1)
    else if (e.key === 'Enter' && !onControl && current.value >= 0 && acts.open) acts.open(current.value)
    else if (e.key === 'x' && current.value >= 0 && acts.toggle) acts.toggle(current.value)
    else return
    e.preventDefault()
  }
  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
  if (acts.id) {
    const { id } = acts
    let on: string | undefined
    watch(current, (n) => (on = id(n)), { flush: 'sync' })
    watch(() => Array.from({ length: acts.count() }, (_, n) => id(n)), (ids) => {
      const at = on === undefined ? -1 : ids.indexOf(on)
      if (at >= 0) current.value = at
    })
  }
  watch(acts.count, (n) => {
    if (current.value >= n) current.value = n - 1
  })
  return { current }
}
