import { expect, test } from 'vitest'
import type { Deed, TaskState } from '@/api/types'
import { moves, moveTo, stages } from './moves'

const task = (state: TaskState, possible: Deed[]) => ({ state, possible })

test('a move is an act that leads there and that the person may do', () => {
  expect(moveTo(task('reported', ['confirm', 'send_back']), 'confirmed')).toBe('confirm')
  expect(moveTo(task('reported', ['send_back']), 'confirmed')).toBeNull()
  expect(moveTo(task('reported', ['confirm', 'send_back']), 'assigned')).toBeNull()
  expect(moveTo(task('confirmed', ['reopen']), 'sent_back')).toBe('reopen')
})

test('what cannot be done is no column to move to, and nothing moves onto itself', () => {
  expect(moves(task('missed', []))).toEqual([])
  expect(moves(task('assigned', ['accept', 'return_as_not_ours', 'ask_help']))).toEqual([{ to: 'accepted', deed: 'accept' }, { to: 'returned', deed: 'return_as_not_ours' }])
  const everything: Deed[] = ['accept', 'return_as_not_ours', 'uphold', 'progress', 'report', 'take_back_report', 'confirm', 'send_back', 'reopen']
  for (const state of stages) expect(moves(task(state, everything)).map((m) => m.to)).not.toContain(state)
})
