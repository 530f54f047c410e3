import { describe, expect, it } from 'vitest'
import type { Series } from '@/api/types'
import { blockOf, elsewhere, inTitles, isOf, nextStep, periodOf, periodText, place, sparkline } from './statistic'

const series = (statistic: string, ...periods: string[]): Series => ({
  statistic, title: statistic, every: null, leaves: [], figures: periods.map((period) => ({ period, value: '1', observation_id: period, source: '', accepted: true, revisions: 0 })),
})
const months = ['2026-03', '2026-04', '2026-05'].map((period) => ({ period, last_day: `${period}-28`, over: period < '2026-05' }))

describe('a pasted block', () => {
  it('is read as spreadsheets put it on the clipboard', () => {
    expect(blockOf('1\t2\r\n3\t"a ""b""\n c"\t\r\n')).toEqual([['1', '2'], ['3', 'a "b"\n c', '']])
    expect(blockOf('4.2')).toEqual([['4.2']])
    expect(blockOf('')).toEqual([])
  })
  it('lies from its cell on, and what lies outside is counted', () => {
    expect(place([['1', ''], ['3', '4']], ['a', 'b'], ['2026-03', '2026-04'], { row: 0, column: 1 })).toEqual({
      cells: [{ statistic: 'a', period: '2026-04', text: '1' }, { statistic: 'b', period: '2026-04', text: '3' }], sources: {}, outside: 1,
    })
  })
  it('finds its cells by its headings where it has them', () => {
    const block = [['标题'], ['统计编号', '所属单位', '依据文件', '2026年4月', '2027年1月'], ['b', '', '月报', '5', ''], ['x', '', '', '6', ''], ['a', '城关镇', '', '7', '8']]
    expect(place(block, ['a', 'b'], ['2026-03', '2026-04'], { row: 0, column: 0 })).toEqual({
      cells: [{ statistic: 'b', period: '2026-04', text: '5' }], sources: { b: '月报' }, outside: 3,
    })
  })
})

describe('periods', () => {
  it('are read as an office writes them', () => {
    expect(['2026-06', '2026年6月', '2026年06月', '2026 年三季度', '2026年第3季度', '2026年', '2026-Q4'].map(periodOf)).toEqual(['2026-06', '2026-06', '2026-06', '2026-Q3', '2026-Q3', '2026', '2026-Q4'])
    expect(['2026年13月', '说明', '2026-13', '26年6月', '2026年上半年'].map(periodOf)).toEqual([null, null, null, null, null])
  })
  it('are shown in words, short where the year is said elsewhere', () => {
    expect(['2026-06', '2026-Q3', '2026'].map((p) => periodText(p))).toEqual(['2026年6月', '2026年第3季度', '2026年'])
    expect(['2026-06', '2026-Q3', '2026'].map((p) => periodText(p, true))).toEqual(['6月', '3季度', '2026年'])
  })
})

describe('the next step', () => {
  const about = (...all: Series[]) => nextStep({ periods: months, series: all })?.about
  it('is what the last period that is over has not, then what has nothing at all', () => {
    expect(about(series('a', '2026-03'), series('b', '2026-03', '2026-04'), series('c'))).toEqual(['a'])
    expect(about(series('b', '2026-04'), series('c'))).toEqual(['c'])
    expect(about(series('b', '2026-04'))).toEqual([])
    expect(about(series('a'), series('c'))).toEqual(['a', 'c'])
    expect(nextStep({ periods: months.map((m) => ({ ...m, over: false })), series: [series('a')] })).toBeNull()
  })
})

it('what is asked by the year stands in the table of years, and where it has figures all the same', () => {
  const all = [series('a'), { ...series('b'), every: 'year' as const }, { ...series('c', '2026-03'), every: 'quarter' as const }, { ...series('d'), every: 'quarter' as const }]
  expect(all.filter(isOf('month')).map((s) => s.statistic)).toEqual(['a', 'c'])
  expect(elsewhere(all, 'month')).toEqual([{ step: 'quarter', n: 1 }, { step: 'year', n: 1 }])
  expect(elsewhere(all, 'year')).toEqual([{ step: 'quarter', n: 1 }])
})

describe('a small line', () => {
  it('goes through what is known, and is none through one figure', () => {
    expect(sparkline([0, null, 10], 20, 10)).toBe('0.0,10.0 20.0,0.0')
    expect(sparkline([5, 5], 10, 10)).toBe('0.0,5.0 10.0,5.0')
    expect(sparkline([null, 3], 10, 10)).toBe('')
  })
})

it('a formula is read with the titles of its statistics, and what is not one of them stays', () => {
  const titles = new Map([['cases', '案件数'], ['cases_old', '积案'], ['households', '户数']])
  expect(inTitles('max(cases * 10000 / households, cases_old, 0)', titles)).toBe('max(案件数 × 10000 ÷ 户数, 积案, 0)')
})
