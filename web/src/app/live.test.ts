import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeChanges } from './live'
import { queries } from './queries'

const campaign = 'c1'
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
  takeChanges({ campaign, tasks: [{ id: 't1', version: 3 }], duties: [] })
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'task', 't1']))
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'tasks']))
  expect(asked).not.toContain(JSON.stringify(['campaign', campaign, 'duties']))
})

test('what this page did itself is not fetched a second time', () => {
  queries.setQueryData(['campaign', campaign, 'task', 't1'], { version: 3 })
  takeChanges({ campaign, tasks: [{ id: 't1', version: 3 }], duties: [] })
  expect(asked).toEqual([])
})

test('a duty that changed has the lists of duties fetched too', () => {
  takeChanges({ campaign, tasks: [], duties: [{ id: 'd1', version: 2 }] })
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'duty', 'd1']))
  expect(asked).toContain(JSON.stringify(['campaign', campaign, 'duties']))
})
