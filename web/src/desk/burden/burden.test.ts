import { beforeAll, expect, test } from 'vitest'
import { wholeLocale } from '@/shared/i18n'
import { asked, duration, formula, sundayOf, weekFrom } from './burden'

beforeAll(() => wholeLocale())

test('a duration is said in hours and minutes', () => {
  expect([0, 45, 60, 200].map(duration)).toEqual(['0 分钟', '45 分钟', '1 小时', '3 小时 20 分钟'])
})

test('what is asked is tasks and materials, and the formula names every part', () => {
  const load = { tasks: 2, requests: 3, filings: 1, files: 9, returns: 1, reused: 1, minutes: 0, spared_minutes: 0, too_much: false }
  expect(asked(load)).toBe(5)
  const said = formula({ task: 11, request: 12, filing: 13, file: 14, returned: 15, too_much: 480 })
  for (const n of ['11', '12', '13', '14', '15', '8 小时']) expect(said).toContain(n)
})

test('weeks go from Monday to Sunday, over the end of a year', () => {
  expect(weekFrom('2026-12-28', 1)).toBe('2027-01-04')
  expect(weekFrom('2026-01-05', -1)).toBe('2025-12-29')
  expect(sundayOf('2026-12-28')).toBe('2027-01-03')
})
