import { beforeAll, describe, expect, it } from 'vitest'
import type { Entries } from '@/api/types'
import { wholeLocale } from '@/shared/i18n'
import { choices, namedIn } from './entries'
import { placeAt, whereIs } from './where'

beforeAll(wholeLocale)

const place = (code: string, depth: number) => ({ code, depth, title: `名${code}` })
const places = [place('1', 0), place('1.1', 1), place('1.1.1', 2), place('1.2', 1), place('2', 0), place('2.1', 1)]
const entries: Entries = {
  site_types: [{ id: 'market', name: '集贸市场', criteria: [{ id: 'licence', name: '公示证照' }, { id: 'order', name: '无占道经营' }] }],
  requirements: [{ id: 'plan', name: '年度方案' }],
  questions: [],
  statistics: [{ id: 'cases', name: '案件数' }, { id: 'households', name: '户数' }],
}

describe('where a fault is', () => {
  it.each([
    ['tree[0]', '1', ''],
    ['tree[0].children[0].children[0].marks', '1.1.1', 'marks'],
    ['tree[0].children[1].measures[0].grading', '1.2', 'measures[0].grading'],
    ['tree[1].children[0]', '2.1', ''],
  ])('%s is the place %s', (path, code, rest) => {
    expect(placeAt(path, places)).toEqual({ place: places.find((p) => p.code === code), rest })
  })
  it.each(['tree[2]', 'tree[0].children[2]', 'tree[1].children[0].children[0]', 'marks'])('%s is none', (path) => expect(placeAt(path, places)).toBeNull())
  it.each([
    ['tree[0].marks', '1 名1 · 分值'],
    ['tree[0].children[1].measures[1].grading.steps[0].counts', '1.2 名1.2 · 第 2 种测评方式 · 怎么评 · 第 1 档'],
    ['marks', '总分'],
    ['gates[0].of', '前置条件'],
    ['catalogue.site_types[0].criteria[1].scale', '集贸市场 · 无占道经营 · 怎么评'],
    ['catalogue.requirements[3].id', '材料'],
    ['', ''],
  ])('%s is said as %s', (path, words) => expect(whereIs(path, places, entries)).toBe(words))
  it('in an indicator that is edited it is said without the indicator', () => {
    expect(whereIs('measures[0].criteria[2]', places, entries, places[2])).toBe('第 1 种测评方式 · 考察内容')
    expect(whereIs('tree[0].marks', places, entries, places[2])).toBe('1 名1 · 分值')
  })
})

it('what is chosen is called by its name, a kind of place as a whole before each of its criteria', () => {
  expect(choices(entries, 'criteria')).toEqual([
    { value: 'market/*', name: '集贸市场：整类' },
    { value: 'market/licence', name: '集贸市场：公示证照' },
    { value: 'market/order', name: '集贸市场：无占道经营' },
  ])
  expect(choices(entries, 'requirements')).toEqual([{ value: 'plan', name: '年度方案' }])
})

it('a formula is read with the names of its statistics', () => {
  expect(namedIn('cases * 10000 / households', entries.statistics)).toEqual(['cases：案件数', 'households：户数'])
  expect(namedIn('case', entries.statistics)).toEqual([])
})
