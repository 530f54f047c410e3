import { describe, expect, it } from 'vitest'
import type { ComparedResult } from '@/api/types'
import { byDifference, differs, marksOf, withSheet } from './results'

const leaf = (code: string, difference: string | null): ComparedResult['leaves'][number] => ({ leaf: code, title: code, of: '5', marks: '3', own: null, difference })

describe('a result beside the own score', () => {
  it('shows first where the two are furthest apart, either way', () => {
    expect(byDifference([leaf('a', '0.5'), leaf('b', null), leaf('c', '-2'), leaf('d', '1')]).map((l) => l.leaf)).toEqual(['c', 'd', 'a', 'b'])
    expect(['0.5', '-2', '0', '0.00'].map((d) => differs(d).key)).toEqual(['result.higher', 'result.lower', 'result.even', 'result.even'])
  })
  it('is sent with the marks that are known, and a workbook fills in the rest', () => {
    expect(marksOf({ a: ' 4.5 ', b: '  ', c: '0' })).toEqual([{ leaf: 'a', marks: '4.5' }, { leaf: 'c', marks: '0' }])
    expect(withSheet({ a: '1', b: '2' }, { leaves: [{ leaf: 'b', marks: '3' }] })).toEqual({ a: '1', b: '3' })
  })
})
