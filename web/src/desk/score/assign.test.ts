import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import type { LeafOwners, PlaceScore } from '@/api/types'
import { assign, firstOwner, memory, queryFor, rowsOf, titleFor, type Row, type Sent } from './assign'

beforeEach(() => localStorage.clear())

const leaf = (code: string): PlaceScore => ({ code, title: `指标${code}`, depth: 1, leaf: true, marks: '5', low: '0', value: '0', high: '5', lost: '5', open: '5', status: 'unknown' })
const owner = (unit: string, role: 'lead' | 'responsible' | 'support') => ({ unit: { id: unit, name: unit }, role })
const owners: LeafOwners[] = [{ leaf: '1', title: '指标1', marks: '5', above: [], version: 1, owners: [owner('u2', 'responsible'), owner('u1', 'lead')] }]
const rows = (codes: string[], of = memory('p.c.s')) => rowsOf(codes.map(leaf), owners, () => '内容', of.read()).map((r): Row => ({ ...r, unit: r.unit || 'u9' }))

/** A server that makes what it is asked for once a key, and answers as it is told. */
function server(answers: ('made' | 'made, not told' | Problem)[]) {
  const asked: Sent[] = []
  const made = new Map<string, string>()
  const add = (sent: Sent): Promise<{ id: string }> => {
    asked.push(structuredClone(sent))
    const answer = answers.shift() ?? 'made'
    if (answer instanceof Problem) return Promise.reject(answer)
    if (!made.has(sent.key)) made.set(sent.key, `d${made.size + 1}`)
    return answer === 'made' ? Promise.resolve({ id: made.get(sent.key)! }) : Promise.reject(new Problem(0, '', ''))
  }
  return { asked, made, add }
}

describe('assigning what is unknown', () => {
  it('begins with the title and the unit that leads, else the one that is responsible', () => {
    const [one, two] = rowsOf([leaf('1'), leaf('2')], owners, () => '', {})
    expect([one?.title, one?.unit, two?.unit]).toEqual(['补齐“指标1”的测评依据', 'u1', ''])
    expect(firstOwner([owner('u3', 'support'), owner('u2', 'responsible')])).toBe('u2')
    expect(firstOwner([owner('u3', 'support')])).toBe('')
    expect([...titleFor('长'.repeat(900))].length).toBeLessThan(300)
  })

  it('makes each once where the answer was lost, and sends it again letter for letter', async () => {
    const { asked, made, add } = server(['made', 'made, not told'])
    const of = memory('p.c.s')
    const all = rows(['1', '2', '3'], of)
    await assign(all, '2026-07-01', add, of.write)
    expect(all.map((r) => r.standing.is)).toEqual(['made', 'sent', 'open'])
    expect(Object.keys(of.read())).toEqual(['2'])
    all[1]!.title = '改了也没有用'
    await assign(all, '2026-08-01', add, of.write)
    expect(all.map((r) => r.standing.is)).toEqual(['made', 'made', 'made'])
    expect(made.size).toBe(3)
    expect(asked[2]).toEqual(asked[1])
    expect(asked[3]?.duty.due).toBe('2026-08-01')
    expect(of.read()).toEqual({})
  })

  it('goes on where it was after the page was closed without an answer', async () => {
    const { asked, made, add } = server(['made, not told'])
    const of = memory('p.c.s')
    await assign(rows(['1'], of), '2026-07-01', add, of.write)
    const [again] = rows(['1'], of)
    expect(again?.standing).toMatchObject({ is: 'sent' })
    await assign([again!], null, add, of.write)
    expect([made.size, asked[1]]).toEqual([1, asked[0]])
  })

  it('keeps what was refused with its reason; changed, it is another request, and the others are made', async () => {
    const refused = new Problem(422, '', '', [{ path: 'title', zh: '太长', en: 'too long' }])
    const { asked, made, add } = server([refused])
    const all = rows(['1', '2'])
    await assign(all, null, add, memory('p').write)
    expect(all[0]?.standing).toEqual({ is: 'open', refused })
    expect(all[1]?.standing.is).toBe('made')
    all[0]!.title = '短一些'
    await assign(all, null, add, memory('p').write)
    expect(asked).toHaveLength(3)
    expect(asked[2]?.key).not.toBe(asked[0]?.key)
    expect(asked[2]?.duty.title).toBe('短一些')
    expect(made.size).toBe(2)
  })

  it('stops where the server failed, was left, or will refuse all', async () => {
    for (const [answer, then] of [[new Problem(500, '', ''), 'sent'], [new Problem(429, '', ''), 'sent'], [new Problem(403, '', ''), 'open']] as const) {
      const { asked, add } = server([answer])
      const all = rows(['1', '2'])
      await assign(all, null, add, memory('p').write)
      expect([all[0]?.standing.is, asked.length]).toEqual([then, 1])
    }
    const { asked, add } = server([])
    await assign(rows(['1', '2']), null, add, memory('p').write, () => asked.length < 1)
    expect(asked).toHaveLength(1)
  })

  it('leads to what was made: the one, those that are called alike, or the list', () => {
    const made = (title: string) => ({ id: title, title })
    expect(queryFor([made('甲')])).toEqual({ open: '甲' })
    expect(queryFor([made(titleFor('甲')), made(titleFor('乙'))])).toEqual({ q: '测评依据' })
    expect(queryFor([made(titleFor('甲')), made('另取的名')])).toEqual({})
  })
})
