import { computed, nextTick, ref, useTemplateRef } from 'vue'
import { opens, seen, step } from '@/desk/standard/tree'

interface Row { code: string; depth: number; leaf: boolean }

/**
 * A table that opens like a tree, for hand and keyboard: which rows are seen, which one has the focus, what keys do. The table's
 * body has the template ref `body`.
 */
export function useTreeGrid(places: () => readonly Row[], atFirst: 'open' | 'closed', choose: (code: string) => void) {
  /** Those that are not as they were at first. */
  const turned = ref(new Set<string>())
  const closed = (index: number) => (atFirst === 'closed') !== turned.value.has(places()[index]!.code)
  const rows = computed(() => seen(places(), closed))
  const current = ref(0)
  const body = useTemplateRef<HTMLElement>('body')
  function toggle(index: number) {
    const next = new Set(turned.value)
    const code = places()[index]!.code
    if (!next.delete(code)) next.add(code)
    turned.value = next
  }
  const all = () => new Set(places().filter((_, i) => opens(places(), i)).map((p) => p.code))
  const openAll = () => (turned.value = atFirst === 'open' ? new Set() : all())
  const closeAll = () => {
    turned.value = atFirst === 'open' ? all() : new Set()
    current.value = 0
  }
  function press(index: number) {
    current.value = index
    if (places()[index]!.leaf) choose(places()[index]!.code)
    else toggle(index)
  }
  function onKey(e: KeyboardEvent) {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const what = step(e.key, places(), rows.value, current.value, closed)
    if (!what) return
    e.preventDefault()
    if ('go' in what) {
      current.value = what.go
      void nextTick(() => body.value?.querySelector<HTMLElement>(`[data-index="${what.go}"]`)?.focus())
    } else if ('choose' in what) choose(places()[what.choose]!.code)
    else toggle('open' in what ? what.open : what.close)
  }
  return { rows, closed, current, press, onKey, openAll, closeAll }
}
