import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { api, ifMatch, must } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Checklist, Fault, Plan, ReadDuty, ReadPhase, ReadPlan, WorkingGroup } from '@/api/types'
import { keep, kept } from '@/shared/keep'
import type { Mark, MarkKind } from '@/shared/segments'
import type { TextMap } from '@/shared/textmap'

export type EntryKind = Exclude<MarkKind, 'assessment' | 'unplaced'>
export type Entry = ReadDuty | ReadPhase | Checklist | WorkingGroup
type List = 'duties' | 'phases' | 'checklists' | 'groups'
const lists: Record<EntryKind, List> = { duty: 'duties', phase: 'phases', checklist: 'checklists', group: 'groups' }
export const entryKinds: EntryKind[] = ['duty', 'phase', 'checklist', 'group']

/** An entry with where it stands in the reading. The id stays the same while the entry is changed. */
export interface Placed<E extends Entry = Entry> {
  id: string
  kind: EntryKind
  plan: number
  index: number
  entry: E
}

// Readings carry no ids for their entries; pages need some that outlive an edit.
const ids = new WeakMap<object, string>()
let last = 0
export function idOf(entry: object): string {
  let id = ids.get(entry)
  if (!id) ids.set(entry, (id = `e${++last}`))
  return id
}

export type SaveState = 'saved' | 'saving' | 'unsaved' | 'kept' | 'faulty' | 'conflict'

/**
 * The corrections of one reading: every change can be undone, is kept in this browser at once and on the server a
 * second later.
 */
export function usePlanWork(campaign: string, loaded: Plan) {
  const plans = shallowRef<ReadPlan[]>(loaded.reading?.plans ?? [])
  const placed = ref(loaded.reading?.placed ?? 0)
  const unplaced = shallowRef(loaded.reading?.unplaced ?? [])
  const faults = shallowRef<Fault[]>([])
  const state = ref<SaveState>('saved')
  const restored = ref(false)
  const draftKey = `plan.${loaded.id}`
  let version = loaded.version
  let undoable: ReadPlan[][] = []
  let redoable: ReadPlan[][] = []
  const steps = ref({ undo: 0, redo: 0 })
  let timer: ReturnType<typeof setTimeout> | undefined

  const saved = kept(draftKey)
  if (saved && loaded.state === 'draft') {
    try {
      const draft = JSON.parse(saved) as { version: number; plans: ReadPlan[] }
      plans.value = draft.plans
      restored.value = true
      state.value = draft.version === version ? 'unsaved' : 'conflict'
      if (state.value === 'unsaved') timer = setTimeout(() => void save(), 500)
    } catch {
      keep(draftKey, null)
    }
  }

  function put(next: ReadPlan[]) {
    plans.value = next
    if (state.value !== 'conflict') state.value = 'unsaved'
    steps.value = { undo: undoable.length, redo: redoable.length }
    clearTimeout(timer)
    timer = setTimeout(() => {
      keep(draftKey, JSON.stringify({ version, plans: plans.value }))
      if (state.value !== 'conflict') void save()
    }, 700)
  }
  function change(next: ReadPlan[]) {
    undoable = [...undoable.slice(-99), plans.value]
    redoable = []
    put(next)
  }
  function undo() {
    const before = undoable.pop()
    if (!before) return
    redoable.push(plans.value)
    put(before)
  }
  function redo() {
    const after = redoable.pop()
    if (!after) return
    undoable.push(plans.value)
    put(after)
  }

  async function save() {
    clearTimeout(timer)
    const sent = plans.value
    state.value = 'saving'
    try {
      const fresh = await must(api.PUT('/api/v1/campaigns/{campaign}/plans/{plan}/reading', { params: { path: { campaign, plan: loaded.id }, header: ifMatch({ version }) }, body: { plans: sent } }))
      version = fresh.version
      placed.value = fresh.reading?.placed ?? placed.value
      unplaced.value = fresh.reading?.unplaced ?? unplaced.value
      faults.value = []
      if (plans.value === sent) {
        state.value = 'saved'
        keep(draftKey, null)
      } else state.value = 'unsaved'
    } catch (error) {
      const p = asProblem(error)
      faults.value = p.faults
      if (p.stale) state.value = 'conflict'
      else if (p.faults.length) state.value = 'faulty'
      else {
        keep(draftKey, JSON.stringify({ version, plans: plans.value }))
        state.value = 'kept'
        timer = setTimeout(() => void save(), 5000)
      }
    }
  }
  /** After somebody else's change: mine over theirs, on purpose. */
  async function keepMine() {
    try {
      version = (await must(api.GET('/api/v1/campaigns/{campaign}/plans/{plan}', { params: { path: { campaign, plan: loaded.id } } }))).version
      await save()
    } catch {
      state.value = 'conflict'
    }
  }
  const dropMine = () => {
    clearTimeout(timer)
    keep(draftKey, null)
  }
  /** For a step that needs the server's newest, such as adopting. */
  async function flush() {
    if (state.value === 'unsaved' || state.value === 'kept') await save()
    return state.value === 'saved'
  }
  onBeforeUnmount(() => {
    clearTimeout(timer)
    if (state.value === 'unsaved') void save()
  })

  const entries = computed<Placed[]>(() => plans.value.flatMap((p, plan) => entryKinds.flatMap((kind) => (p[lists[kind]] as Entry[]).map((entry, index) => ({ id: idOf(entry), kind, plan, index, entry })))))

  const withList = (at: { plan: number; kind: EntryKind }, edit: (all: Entry[]) => Entry[]) =>
    change(plans.value.map((p, i) => (i === at.plan ? { ...p, [lists[at.kind]]: edit(p[lists[at.kind]] as Entry[]) } : p)))

  /** The sentences that say something of the assessment; `a` and a number, as no entry is called. */
  const assessed = computed(() => plans.value.flatMap((p) => p.assessment?.spans ?? []).map((span, i) => ({ id: `a${i}`, span })))

  function update<E extends Entry>(at: Placed, patch: Partial<E>) {
    withList(at, (all) =>
      all.map((e) => {
        if (idOf(e) !== at.id) return e
        const next = { ...e, ...patch } as Entry
        ids.set(next, at.id)
        return next
      }),
    )
  }
  const remove = (at: Placed) => withList(at, (all) => all.filter((e) => idOf(e) !== at.id))

  /** Adds a duty where it belongs in the order of the text; returns its id. */
  function addDuty(duty: ReadDuty): string {
    const start = duty.span[0] ?? 0
    const covering = plans.value.findIndex((p) => (p.span?.[0] ?? 0) <= start && start < (p.span?.[1] ?? 0))
    const plan = covering >= 0 ? covering : 0
    const id = idOf(duty)
    withList({ plan, kind: 'duty' }, (all) => {
      const at = all.findIndex((e) => (e.span?.[0] ?? 0) > start)
      return at < 0 ? [...all, duty] : [...all.slice(0, at), duty, ...all.slice(at)]
    })
    return id
  }

  /** What is lit in the text, in UTF-16 units. */
  const marks = (map: TextMap): Mark[] => [
    ...entries.value.flatMap(({ id, kind, entry }) => (entry.span && (entry.span[1] ?? 0) > (entry.span[0] ?? 0) ? [{ id, kind, start: map.unit(entry.span[0]!), end: map.unit(entry.span[1]!) }] : [])),
    ...assessed.value.map(({ id, span }): Mark => ({ id, kind: 'assessment', start: map.unit(span[0]!), end: map.unit(span[1]!) })),
    ...unplaced.value.map((s, i): Mark => ({ id: `u${i}`, kind: 'unplaced', start: map.unit(s[0]!), end: map.unit(s[1]!) })),
  ]

  return { plans, entries, assessed, placed, unplaced, faults, state, restored, steps, undo, redo, update, remove, addDuty, marks, flush, keepMine, dropMine, retry: save }
}
export type PlanWork = ReturnType<typeof usePlanWork>
