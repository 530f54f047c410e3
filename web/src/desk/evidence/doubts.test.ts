import { describe, expect, it } from 'vitest'
import type { Doubt, DoubtedPhoto } from '@/api/types'
import { wholeLocale } from '@/shared/i18n'
import { distance, linesOf, sayOf } from './doubts'

await wholeLocale()

const photo = (over: Partial<DoubtedPhoto> & { taken_at?: string | null; by?: string } = {}) =>
  ({
    file: { name: '1.jpg', created_at: '2026-05-06T00:00:00Z', uploaded_by: { display_name: over.by ?? '刘' }, picture: { taken_at: over.taken_at ?? null, latitude: null, longitude: null } },
    unit: { name: '县教育局' },
    evidence: { caption: { 地点: '县一中' }, made_on: '2026-05-05', requirements: [] },
    task: null,
    ...over,
  }) as unknown as DoubtedPhoto
const doubt = (over: Partial<Doubt>) => ({ kind: 'same_bytes', hidden: false, alike: null, seconds: null, metres: null, site: null, signs: [], ...over }) as unknown as Doubt

describe('doubts', () => {
  it('says what was altered, and nothing of what was not', () => {
    const alike = { spots: 20, share: 92, scale: 100, turn: -24, mirrored: true }
    expect(sayOf(doubt({ kind: 'same_shot', alike }))).toBe('两张照片是同一画面，可比部分有 92% 吻合；左右翻转过；转动约 2.4°')
    expect(sayOf(doubt({ kind: 'same_shot', alike: { ...alike, mirrored: false, turn: 3 } }))).toBe('两张照片是同一画面，可比部分有 92% 吻合')
  })
  it('tells of a twin that is not to be seen nothing but that there is one', () => {
    for (const kind of ['same_bytes', 'same_shot', 'burst'] as const) expect(sayOf(doubt({ kind, hidden: true }))).not.toMatch(/\d/)
  })
  it('gives distances and times as people say them', () => {
    expect([distance(640), distance(1_840), distance(23_400)]).toEqual(['640 米', '1.8 公里', '23 公里'])
    expect(sayOf(doubt({ kind: 'burst', seconds: 8, metres: 1_784 }))).toContain('相隔 8 秒')
    expect(sayOf(doubt({ kind: 'burst', seconds: 150, metres: null }))).not.toContain('相距')
  })
  it('marks the lines in which two photographs differ', () => {
    const differing = linesOf([photo(), photo({ by: '孙', unit: { name: '县城管局' } as never })]).filter((line) => line.differs)
    expect(differing.map((line) => line.label)).toEqual(['单位', '上传人'])
    expect(linesOf([photo()]).some((line) => line.differs)).toBe(false)
  })
  it('says of several signs each', () => {
    const signs = [{ is: 'program', name: 'GIMP 2.10' }, { is: 'no_time', device: 'HUAWEI P60' }] as Doubt['signs']
    expect(sayOf(doubt({ kind: 'edited', signs }))).toBe('文件由修图软件“GIMP 2.10”写出；由“HUAWEI P60”拍摄，却没有拍摄时间')
  })
})
