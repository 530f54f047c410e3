import { describe, expect, it } from 'vitest'
import type { ComparedResult } from '@/api/types'
import { byDifference, differs, marksOf, withSheet } from './results'

const leaf = (code: string, marks: string, own: [low: string, value: string, high: string] | null, difference: string | null): ComparedResult['leaves'][number] => ({ leaf: code, title: code, of: '5', marks, own: own && { low: own[0], value: own[1], high: own[2] }, difference })

describe('a result beside the own score', () => {
  const known = leaf('known', '3', ['4', '4', '4'], '1')
  const open = leaf('open', '5', ['0', '0', '5'], '-5')
  const narrow = leaf('narrow', '5', ['0', '0', '2.5'], '-5')
  const same = leaf('same', '3', ['3', '3', '3'], '0.00')
  const none = leaf('none', '3', null, null)
  it('shows first what the own marks can’t become any more, then what differs most', () => {
    expect(byDifference([none, same, open, known, narrow]).map((l) => l.leaf)).toEqual(['narrow', 'known', 'open', 'same', 'none'])
  })
  it('says of what is open that it is, and not that it is low', () => {
    expect([known, narrow, open, same].map((l) => differs(l).key)).toEqual(['result.higher', 'result.lower', 'result.open', 'result.even'])
  })
  it('is sent with the marks that are known, and a workbook fills in the rest', () => {
    expect(marksOf({ a: ' 4.5 ', b: '  ', c: '0' })).toEqual([{ leaf: 'a', marks: '4.5' }, { leaf: 'c', marks: '0' }])
    expect(withSheet({ a: '1', b: '2' }, { leaves: [{ leaf: 'b', marks: '3' }] })).toEqual({ a: '1', b: '3' })
  })
})
