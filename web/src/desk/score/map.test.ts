import { describe, expect, it } from 'vitest'
import type { PlaceScore, Scorecard } from '@/api/types'
import { headingOf, leavesOf, mapSeries, pictureName, pictureOption } from './map'

const place = (code: string, depth: number, more: Partial<PlaceScore> = {}): PlaceScore => ({ code, title: `甲${code}`, depth, leaf: depth > 0, marks: '5', low: '0', value: '5', high: '5', lost: '0', open: '0', status: 'known', ...more })
const card = {
  title: '县级文明城市/测评体系', edition: '2026', as_of: '2026-07-08T23:59:59+08:00', marks: '100', places_shown: 2, total: { low: '44.9', value: '47.52', high: '94.05' },
  places: [place('1', 0), place('1-1', 1), place('1-2', 1, { value: '3' }), place('2', 0), place('2-1', 1, { status: 'unknown', value: '0' })],
} as unknown as Scorecard
const color = (token: string) => `<${token}>`

describe('the map of a score', () => {
  it('has each leaf under its part, with the row of its table', () => {
    const { data } = mapSeries(card, color)
    expect(data.map((top) => top.children?.map((leaf) => leaf.row))).toEqual([[0, 1], [2]])
    expect(leavesOf(card).map((leaf) => leaf.code)).toEqual(['1-1', '1-2', '2-1'])
  })
  it('leaves out names of which fewer than four characters would be read, on as many lines as there are', () => {
    const layout = mapSeries(card, color).labelLayout
    const isNamed = (width: number, height: number, text = '文明实践中心') => !('x' in layout({ rect: { width, height }, text }))
    expect([isNamed(80, 40), isNamed(54, 15), isNamed(32, 30), isNamed(32, 15, '参保')]).toEqual([true, true, true, true])
    expect([isNamed(32, 15), isNamed(20, 80), isNamed(80, 12)]).toEqual([false, false, false])
  })
  it('tells what is reached by lightness, and what is unknown by hatching', () => {
    const looks = mapSeries(card, color).data.flatMap((top) => top.children ?? []).map((leaf) => leaf.itemStyle as { color: string; decal?: object })
    expect(looks.map((look) => look.color)).toEqual(['<chart-1>', '<chart-2>', '<sunken>'])
    expect(looks.map((look) => 'decal' in look)).toEqual([false, false, true])
  })
})

describe('a picture of it', () => {
  it('says of what, of whom, of when with the year, and the totals', () => {
    const heading = headingOf(card, '清水县创建文明城市', true, (marks) => Number(marks).toFixed(2))
    const { title } = pictureOption(card, heading, color, 'serif') as { title: { text: string }[] }
    expect(title.map((one) => one.text)).toEqual([
      '县级文明城市/测评体系 2026', '清水县创建文明城市 · 截至 2026年7月8日 周三', '47.52 / 100', '最低 44.90 · 最高 94.05', expect.stringContaining('分丢在哪里'),
    ])
  })
  it('has a name that every system takes', () => {
    expect(pictureName(card)).toBe('县级文明城市 测评体系 得分图 2026-07-08')
  })
})
