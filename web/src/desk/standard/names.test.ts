import { describe, expect, it } from 'vitest'
import { byStandard } from './names'

describe('what belongs to standards', () => {
  it('stands by standard in their order, what they share first', () => {
    const names = new Map([['b', '县级体系'], ['a', '未成年人体系']])
    const all = [{ n: 1, standard_id: 'a' }, { n: 2, standard_id: null }, { n: 3, standard_id: 'b' }, { n: 4, standard_id: 'a' }, { n: 5, standard_id: 'gone' }]
    expect(byStandard(all, names).map((g) => [g.name, g.items.map((one) => one.n)])).toEqual([['', [2]], ['县级体系', [3]], ['未成年人体系', [1, 4]], ['', [5]]])
  })
})
