import { describe, expect, it } from 'vitest'
import { marksOf, newestFirst, partsOf, percent, saysCatalogue } from './standards'

describe('what a file says', () => {
  it.each([
    ['id: shared\ncatalogue:\n  site_types: []\n', true],
    ['id: a\ncatalogue: {}\ntree:\n  - code: "1"\n', false],
    ['{"id": "shared",\n "catalogue": {}}', true],
    ['{"id": "a",\n "tree": []}', false],
    ['', false],
  ])('%j', (text, expected) => expect(saysCatalogue(text)).toBe(expected))
})

it('the edition that was made last comes first', () => {
  const made = ['2026-01-02T00:00:00Z', '2026-03-01T00:00:00Z', '2025-12-01T00:00:00Z'].map((created_at) => ({ created_at }))
  expect(newestFirst(made).map((e) => e.created_at.slice(0, 7))).toEqual(['2026-03', '2026-01', '2025-12'])
})

it('a share is told in percent without the noise of floats', () => {
  expect(['0.2', '0.333', '1', '0.07'].map(percent)).toEqual(['20%', '33.3%', '100%', '7%'])
})

it('a standard is the main one where it is nothing to any other', () => {
  expect(partsOf({ gate_of: [], contributes_to: [] })).toEqual(['主体系'])
  expect(partsOf({ gate_of: [{ code: 'a', at_least: '85' }], contributes_to: [{ code: 'a', share: '0.2' }] })).toEqual(['前置条件：达到 85 分', '得分按 20% 计入主体系'])
})

describe('the words that were searched', () => {
  it.each([
    ['志愿服务站点', '志愿 站点', [[0, 2], [4, 6]]],
    ['𠮷野家志愿', '志愿', [[3, 5]]],
    ['aAa', 'aa', [[0, 3]]],
    ['甲乙', '丙', []],
    ['甲乙', '  ', []],
  ])('in %s: %s', (text, words, marks) => expect(marksOf(text, words)).toEqual(marks))
})
