import { describe, expect, it } from 'vitest'
import type { Observable, PlaceScore } from '@/api/types'
import { changedPlaces, differenceOf, furthest, monthBefore, openLeaves, percentOf, rounded, share, signed, typedFact } from './score'

describe('numbers', () => {
  it('are rounded as decimals, never through a float', () => {
    for (const [text, places, shown] of [
      ['71.185', 2, '71.19'], ['1.005', 2, '1.01'], ['0.1', 2, '0.10'], ['12', 0, '12'], ['99.995', 2, '100.00'],
      ['-0.004', 2, '0.00'], ['-1.255', 2, '-1.26'], ['123456789012345678.987654321', 3, '123456789012345678.988'],
    ] as const) expect(rounded(text, places)).toBe(shown)
  })
  it('are rounded as their standard says', () => {
    for (const [text, up, even, down] of [
      ['71.185', '71.19', '71.18', '71.18'], ['71.175', '71.18', '71.18', '71.17'], ['71.1750001', '71.18', '71.18', '71.17'],
      ['-1.255', '-1.26', '-1.26', '-1.25'], ['0.005', '0.01', '0.00', '0.00'], ['9.999', '10.00', '10.00', '9.99'],
    ] as const) expect([rounded(text, 2, 'half_up'), rounded(text, 2, 'half_even'), rounded(text, 2, 'down')]).toEqual([up, even, down])
  })
  it('are shares of a hundred by moving the point', () => {
    expect(['1', '0.6667', '0.005', '0', '0.29', '1.5'].map(percentOf)).toEqual(['100%', '66.7%', '0.5%', '0%', '29%', '150%'])
  })
  it('are drawn within what they are a share of', () => {
    expect([share('3', '6'), share('7', '6'), share('-1', '6'), share('1', '0')]).toEqual([0.5, 1, 0, 0])
  })
})

describe('differences', () => {
  it('carry their sign, and none where nothing is shown of them', () => {
    expect([signed('1.255', 2), signed('-3', 1), signed('0', 2), signed('0.001', 2), signed('-0.001', 2)]).toEqual(['+1.26', '−3.0', '0.00', '0.00', '0.00'])
  })
  const row = (code: string, depth: number, value: string, reasons: 'marks'[] = []) => ({ code, depth, by: { low: '0', value, high: '0' }, by_leaf: value, reasons })
  it('stand with the places above them, and nothing else does', () => {
    const rows = [row('1', 0, '0'), row('1.1', 1, '0'), row('1.1.1', 2, '1'), row('1.1.2', 2, '0'), row('1.2', 1, '0'), row('2', 0, '0'), row('2.1', 1, '0'), row('3', 0, '0'), row('3.1', 1, '0', ['marks'])]
    expect(changedPlaces(rows, 2).map((r) => r.code)).toEqual(['1', '1.1', '1.1.1', '3', '3.1'])
  })
  it('are none where they show as nothing, and say so where only what is known differs', () => {
    const by = (low: string, value: string, high: string, reasons: ('marks' | 'more_known' | 'better')[] = []) => ({ by: { low, value, high }, reasons })
    const all = [by('1', '0.01', '0'), by('1', '0.004', '0', ['more_known']), by('0', '0', '-0.5'), by('0', '0.001', '0', ['better']), by('0', '0', '0', ['marks']), by('0', '0', '0')]
    expect(all.map((one) => differenceOf(one, 2))).toEqual(['marks', 'known', 'known', null, 'said', null])
  })
  it('come the furthest first, each way by itself', () => {
    const rows = [row('a', 0, '1'), row('b', 0, '-2'), row('c', 0, '3'), row('d', 0, '0'), row('e', 0, '-0.5')]
    expect([furthest(rows, 1, 5), furthest(rows, -1, 1)].map((rows) => rows.map((r) => r.code))).toEqual([['c', 'a'], ['b']])
  })
})

describe('a month before', () => {
  it('is the same day or the last one of that month', () => {
    expect(['2026-07-08', '2026-03-31', '2024-03-30', '2026-01-15'].map(monthBefore)).toEqual(['2026-06-08', '2026-02-28', '2024-02-29', '2025-12-15'])
  })
})

const place = (code: string, open: string, leaf = true): PlaceScore => ({ code, title: code, depth: leaf ? 1 : 0, leaf, marks: '5', low: '0', value: '0', high: open, lost: '5', open, status: 'unknown' })

describe('what is unknown', () => {
  it('stands by the marks that it can still move, leaves only', () => {
    const places = [place('1', '9', false), place('1-1', '2'), place('1-2', '0'), place('1-3', '10')]
    expect(openLeaves(places).map((p) => p.code)).toEqual(['1-3', '1-1'])
  })
})

describe('a typed fact', () => {
  const thing = (more: Partial<Observable>): Observable => ({ kind: 'judgement', about: 'x', title: '甲', standard_id: null, method: null, measured_in: null, source: null, site_type: null, words: [], along: false, ...more })
  const typed = { value: ' 3.9 ', metres: '600', verdict: '' }
  it('holds what its kind asks for and nothing else', () => {
    expect(typedFact({ kind: 'figure', ...typed }, thing({}))).toEqual({ kind: 'figure', statistic: 'x', value: '3.9' })
    expect(typedFact({ kind: 'event', ...typed }, thing({}))).toEqual({ kind: 'event', entry: 'x' })
    const judged = thing({ method: 'opinion', words: ['A', 'B'] })
    expect(typedFact({ kind: 'judgement', ...typed, verdict: 'A' }, judged)).toEqual({ kind: 'judgement', leaf: 'x', method: 'opinion', absent: false, verdict: 'A' })
    expect(typedFact({ kind: 'judgement', ...typed, verdict: 'absent' }, judged)).toEqual({ kind: 'judgement', leaf: 'x', method: 'opinion', absent: true })
    const along = thing({ method: 'web', along: true })
    expect(typedFact({ kind: 'judgement', ...typed }, along)).toEqual({ kind: 'judgement', leaf: 'x', method: 'web', absent: false, number: '3.9', metres: '600' })
  })
})
