import { expect, test } from 'vitest'
import type { Target } from '@/api/types'
import { isUnnamed, targetText, written } from './targets'

const line = (subject: string, value: number, unit: string): Target => ({ subject, comparator: '>=', value, unit })

test.each([
  ['nothing', line('', 0, ''), false, false],
  ['blanks', line(' ', 0, ' '), false, false],
  ['a name', line('停车泊位', 0, ''), false, true],
  ['a figure alone', line('', 600, ''), true, true],
  ['a unit of measure alone', line('', 0, '个'), true, true],
])('a line with %s', (_, x, unnamed, kept) => {
  expect(isUnnamed(x)).toBe(unnamed)
  expect(written([x]).length).toBe(kept ? 1 : 0)
})

test('is said as one would write it', () => expect(targetText(line('停车泊位', 1600, '个'))).toBe('停车泊位 ≥ 1,600 个'))
