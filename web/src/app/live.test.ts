import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeChanges } from './live'
import { queries } from './queries'

const campaign = 'c1'
const nothing = { campaign, tasks: [], duties: [], evidence: [], asked: false }
const asked: string[] = []
beforeEach(() => {
  queries.clear()
  asked.length = 0
  vi.spyOn(queries, 'invalidateQueries').mockImplementation((filter) => {
    asked.push(JSON.stringify((filter as { queryKey: unknown }).queryKey))
    return Promise.resolve()
  })
})
afterEach(() => vi.restoreAllMocks())

test('what is older than a change is fetched again, with the lists that show it', () => {
  queries.setQueryData(['campaign', campaign, 'task', 't1'], { version: 2 })
  takeChanges({ ...nothing, tasks: [{ id: 't1', version: 3 }] })
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'task', 't1']))
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'tasks']))
  expect(asked).not.toContain(JSON.stringify(['campaign', campaign, 'duties']))
})

test('what this page did itself is not fetched a second time', () => {
  queries.setQueryData(['campaign', campaign, 'task', 't1'], { version: 3 })
  takeChanges({ ...nothing, tasks: [{ id: 't1', version: 3 }] })
  expect(asked).toEqual([])
})

test('a duty that changed has the lists of duties fetched too', () => {
  takeChanges({ ...nothing, duties: [{ id: 'd1', version: 2 }] })
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'duty', 'd1']))
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'duties']))
})

test('a material that was filed, reviewed or talked about is fetched again with all that counts it, and no other one', () => {
  takeChanges({ ...nothing, evidence: ['e1'] })
  for (const part of [['evidence', 'one', 'e1'], ['evidence', 'list'], ['reviews'], ['requirements'], ['remarks', 'e1'], ['doubts', 'e1'], ['ledger', 'evidence:e1']]) expect(asked).toContain(JSON.stringify(['campaign', campaign, ...part]))
  expect(asked.some((key) => /"tasks"|"duties"/.test(key))).toBe(false)
})

test('that other units are asked for materials is told by what is asked for alone', () => {
  takeChanges({ ...nothing, asked: true })
  expect(asked).toEqual([JSON.stringify(['campaign', campaign, 'requirements'])])
})
