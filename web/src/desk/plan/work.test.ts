import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Plan, ReadDuty } from '@/api/types'
import { fakeServer, inside } from '@/testing/fake'
import { TextMap } from '@/shared/textmap'
import { usePlanWork, type Placed } from './work'

const duty = (title: string, start: number, end: number): ReadDuty => ({ number: null, path: [], title, text: title, leads: [], units: [], start: null, due: null, recurrence: null, targets: [], span: [start, end] })
const draft = (): Plan => ({
  id: 'p', name: '方案.txt', state: 'draft', created_at: '2026-02-09T09:00:00+08:00', adopted_at: null, replaces: null, undoable: false, version: 7, problems: [],
  reading: { source: '方案.txt', cleaning: [], placed: 0.5, unplaced: [[20, 25]], plans: [{ title: '方案', kind: 'plan', phases: [], duties: [duty('甲', 0, 5), duty('乙', 10, 15)], checklists: [], assessment: null, groups: [], span: [0, 30] }] },
})
const saved = (version: number) => ({ status: 200, body: { ...draft(), version } })
const titles = (w: ReturnType<typeof usePlanWork>) => w.entries.value.map((e) => (e.entry as ReadDuty).title)

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

it('every correction can be undone and done again, and an entry keeps its id through it', async () => {
  fakeServer(() => saved(8))
  const { result: w } = await inside(() => usePlanWork('c', draft()))
  const first = w.entries.value[0] as Placed<ReadDuty>
  w.update<ReadDuty>(first, { title: '甲甲' })
  expect(w.entries.value[0]!.id).toBe(first.id)
  w.remove(w.entries.value[1]!)
  w.addDuty(duty('丙', 7, 9))
  expect(titles(w)).toEqual(['甲甲', '丙'])
  w.undo()
  w.undo()
  expect(titles(w)).toEqual(['甲甲', '乙'])
  w.undo()
  w.redo()
  expect(titles(w)).toEqual(['甲甲', '乙'])
})

it('saves a second after the last change, each time on the version that the server gave', async () => {
  let version = 7
  const asked = fakeServer(() => saved(++version))
  const { result: w } = await inside(() => usePlanWork('c', draft()))
  for (const title of ['一', '二']) {
    w.update<ReadDuty>(w.entries.value[0] as Placed<ReadDuty>, { title })
    expect(w.state.value).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(1000)
    expect(w.state.value).toBe('saved')
  }
  expect(asked.map((a) => `${a.method} ${a.headers.get('if-match')}`)).toEqual(['PUT "v7"', 'PUT "v8"'])
})

it('keeps the work in the browser while the server is away, tries again, and finds it after a reload', async () => {
  let away = true
  fakeServer(() => (away ? 'unreachable' : saved(8)))
  const { result: w } = await inside(() => usePlanWork('c', draft()))
  w.update<ReadDuty>(w.entries.value[0] as Placed<ReadDuty>, { title: '改过' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(w.state.value).toBe('kept')
  const { result: reloaded } = await inside(() => usePlanWork('c', draft()))
  expect(reloaded.restored.value).toBe(true)
  expect(titles(reloaded)).toEqual(['改过', '乙'])
  away = false
  await vi.advanceTimersByTimeAsync(6000)
  await flushPromises()
  expect([w.state.value, reloaded.state.value]).toEqual(['saved', 'saved'])
  expect(localStorage.length).toBe(0)
})

it('stops at a conflict, and goes over it only when told to', async () => {
  let theirs = true
  const asked = fakeServer((a) => (a.method === 'GET' ? saved(12) : theirs ? { status: 412, body: {} } : saved(13)))
  const { result: w } = await inside(() => usePlanWork('c', draft()))
  w.update<ReadDuty>(w.entries.value[0] as Placed<ReadDuty>, { title: '我的' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(w.state.value).toBe('conflict')
  theirs = false
  await w.keepMine()
  expect(w.state.value).toBe('saved')
  expect(asked.at(-1)!.headers.get('if-match')).toBe('"v12"')
})

it('lights entries by characters, not by UTF-16 units', async () => {
  fakeServer(() => saved(8))
  const { result: w } = await inside(() => usePlanWork('c', draft()))
  const marks = w.marks(new TextMap(`𠮷${'文'.repeat(40)}`))
  expect(marks.map((m) => [m.kind, m.start, m.end])).toEqual([['duty', 0, 6], ['duty', 11, 16], ['unplaced', 21, 26]])
})

it('lights the sentences that say something of the assessment', async () => {
  fakeServer(() => saved(8))
  const plan = draft()
  plan.reading!.plans[0]!.assessment = { systems: [], methods: [], gates: [], spans: [[6, 9]] }
  const { result: w } = await inside(() => usePlanWork('c', plan))
  expect(w.marks(new TextMap('文'.repeat(40))).filter((m) => m.kind === 'assessment')).toEqual([{ id: 'a0', kind: 'assessment', start: 6, end: 9 }])
})
