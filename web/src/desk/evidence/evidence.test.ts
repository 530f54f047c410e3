import { describe, expect, it } from 'vitest'
import { characters, firstMissing, isGraded, keyOf, readKey, tone } from './evidence'
import type { RequirementState } from '@/api/types'
import { withKept } from './reviews'

describe('materials', () => {
  it('a requirement is read back from the address as it was written', () => {
    const of = { standard_id: '0195', requirement: 'health/education' }
    expect(readKey(keyOf(of))).toEqual(of)
    for (const nothing of ['', '/', 'a/', '/b', 'ab']) expect(readKey(nothing)).toBeNull()
  })
  it('blanks are not counted, and a character beyond the first plane is one', () => {
    expect(characters('创建 文明\n城市 𠀀')).toBe(7)
  })
  it('what is missing most is filed first', () => {
    const need = (kind: string, missing: number) => ({ kind, missing })
    const one = { needs: [need('report', 1), need('photo', 3), need('table', 0)] } as unknown as RequirementState
    expect(firstMissing(one)).toBe('photo')
  })
  it('a grade is asked for where there are degrees, and not where there is yes and no', () => {
    expect([['A', 'B'], ['met', 'partly', 'failed'], ['A', 'B', 'C', 'D']].map(isGraded)).toEqual([true, true, true])
    expect([[], ['A'], ['met', 'failed']].map(isGraded)).toEqual([false, false, false])
  })
  it('each state has a tone of its own', () => {
    expect(new Set((['submitted', 'accepted', 'returned', 'expired'] as const).map(tone)).size).toBe(4)
  })
  it('what is looked at stays in the queue where it stood, although somebody else decided about it', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id }))
    expect(withKept([a!, c!], { row: b!, at: 1 })).toEqual([a, b, c])
    expect(withKept([], { row: b!, at: 1 })).toEqual([b])
    expect(withKept([a!, b!], { row: { id: 'b' }, at: 0 })).toEqual([a, b])
    expect(withKept([a!], null)).toEqual([a])
  })
})
