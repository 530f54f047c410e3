import { expect, it } from 'vitest'
import { axisDay, day, lastDay, moment, parsePlanDate, planDate, shortDate, typedPlanDate } from './dates'
import { useLocale } from './i18n'

const now = new Date(2026, 5, 5, 15, 30)

it.each([
  ['2026年5月底', '2026-05'],
  ['2026年5月', '2026-05'],
  ['2026-5-20', '2026-05-20'],
  ['2026.5', '2026-05'],
  ['２０２６年６月３０日前', '2026-06-30'],
  ['2026 年底', '2026'],
  ['2026', '2026'],
  ['5月20日', 'XXXX-05-20'],
  ['xxxx-05-20', 'XXXX-05-20'],
  ['5月', 'XXXX-05'],
  ['XXXX-05', 'XXXX-05'],
  ['5月底前', 'XXXX-05'],
  ['5 Jun', 'XXXX-06-05'],
  ['Fri 5 June 2026', '2026-06-05'],
  ['Jun 2026', '2026-06'],
  ['5 Maybe', null],
  ['5', null],
  ['2026-13', null],
  ['2026-02-30', null],
  ['尽快', null],
  ['', null],
])('reads what a person types for a date: %s', (typed, expected) => expect(parsePlanDate(typed)).toBe(expected))

it.each([
  ['2026-06-05', '6月5日 周五'],
  ['2027-01-04', '2027年1月4日 周一'],
  ['2026-05', '2026年5月'],
  ['2026', '2026年'],
  ['XXXX-04-13', '4月13日'],
])('shows a plan date at the precision it has: %s', (date, expected) => expect(planDate(date, now)).toBe(expected))

it.each(['2026', '2026-06', '2026-06-05', 'XXXX-06', 'XXXX-06-05'])('reads back in both languages what it offers for editing: %s', async (date) => {
  expect(parsePlanDate(typedPlanDate(date))).toBe(date)
  await useLocale('en')
  expect(parsePlanDate(typedPlanDate(date))).toBe(date)
  await useLocale('zh-CN')
})

it('takes the last day that an imprecise date can mean', () => {
  expect([lastDay('2026'), lastDay('2028-02'), lastDay('2026-06-05'), lastDay('XXXX-06-05'), lastDay(null)]).toEqual(['2026-12-31', '2028-02-29', '2026-06-05', null, null])
})

it('is relative under a day and names the day after it', () => {
  const ago = (minutes: number) => moment(new Date(now.getTime() - minutes * 60_000).toISOString(), now)
  expect([ago(0), ago(5), ago(130), ago(26 * 60)]).toEqual(['刚刚', '5 分钟前', '2 小时前', '6月4日 周四 13:30'])
})

it('speaks English when asked to', async () => {
  await useLocale('en')
  expect(day(now, now)).toBe('Fri 5 Jun')
  expect(planDate('2026-05', now)).toBe('May 2026')
  expect(moment(new Date(now.getTime() - 60_000).toISOString(), now)).toBe('1 minute ago')
  await useLocale('zh-CN')
})

it('leaves out the weekday, and no more, where there is no room for it', async () => {
  expect([shortDate('2026-06-05', now), shortDate('2027-06-05', now), shortDate('2026-06', now), shortDate(null)]).toEqual(['6月5日', '2027年6月5日', '2026年6月', ''])
  await useLocale('en')
  expect([shortDate('2026-06-05', now), shortDate('2027-06-05', now), shortDate('2026-06', now)]).toEqual(['5 Jun', '5 Jun 2027', 'Jun 2026'])
  await useLocale('zh-CN')
})

it('marks the days along an axis in as few letters as the language has for them', async () => {
  expect(axisDay('2026-06-05')).toBe('6月5日')
  await useLocale('en')
  expect(axisDay('2026-06-05')).toBe('5 Jun')
})
