import { expect, test } from 'vitest'
import { isWithdrawn, stands } from './facts'

const kept = (id: string, by: string | null, more: { withdraws?: boolean; accepted_at?: string | null } = {}) => ({ id, superseded_by: by, withdraws: false, accepted_at: '2026-03-01T00:00:00Z' as string | null, covert: false, released_at: null, ...more })

test('what was corrected stands until the correction counts, and again when that was recorded in error', () => {
  const first = kept('a', 'b')
  const waiting = kept('b', null, { accepted_at: null })
  expect([stands(first, [first, waiting]), stands(waiting, [first, waiting])]).toEqual([true, true])
  const right = kept('b', null)
  expect(stands(first, [first, right])).toBe(false)
  const wrong = kept('b', 'w')
  const says = kept('w', null, { withdraws: true })
  const all = [says, wrong, first]
  expect(all.map((o) => stands(o, all))).toEqual([false, false, true])
  expect(all.map((o) => isWithdrawn(o, all))).toEqual([true, true, false])
  const replaced = [first, wrong, kept('w', 'c', { withdraws: true }), kept('c', null)]
  expect(replaced.map((o) => stands(o, replaced))).toEqual([false, false, false, true])
  expect(stands(first, [first]), 'what took its place is on another page').toBe(false)
})
