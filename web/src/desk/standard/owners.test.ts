import { describe, expect, it } from 'vitest'
import type { FittingDuty, LeafOwners } from '@/api/types'
import { backAsItWas, bestOf, byPart, shown } from './owners'

const leaf = (code: string, above: string[], owners: string[] = [], version = 0): LeafOwners => ({ leaf: code, title: `指标${code}`, marks: '2', above, version, owners: owners.map((id) => ({ unit: { id, name: id }, role: 'lead', duty: null })) })
const duty = (id: string, held: number, units = ['甲']): FittingDuty => ({ id, number: null, title: id, held, units: units.map((u) => ({ unit: { id: u, name: u }, role: 'responsible' })) })

describe('who answers for which indicator', () => {
  const leaves = [leaf('1', ['环境', '市容']), leaf('2', ['环境'], ['甲'], 3), leaf('3', ['服务']), leaf('4', [])]

  it('stands under the parts of the tree, in its order', () => {
    expect(byPart(leaves).map((p) => [p.title, p.leaves.map((l) => l.leaf)])).toEqual([['环境', ['1', '2']], ['服务', ['3']], ['指标4', ['4']]])
  })

  it('is cut to a unit, or to what nobody answers for', () => {
    expect(shown(leaves, { unit: '甲', free: false }).map((l) => l.leaf)).toEqual(['2'])
    expect(shown(leaves, { unit: '', free: true }).map((l) => l.leaf)).toEqual(['1', '3', '4'])
  })

  it('is taken without a look only where a duty holds nearly all the words, and never over what somebody said', () => {
    const fits = new Map([['1', [duty('a', 900)]], ['2', [duty('b', 1000)]], ['3', [duty('c', 799)]], ['4', [duty('d', 1000, [])]]])
    expect(bestOf(leaves, fits).map((b) => [b.leaf.leaf, b.duty.id])).toEqual([['1', 'a']])
  })

  it('goes back to what it was, by the versions that stand now', () => {
    const after = { title: '', edition: '', editable: true, leaves: [leaf('2', [], ['乙'], 4), leaf('1', [], ['乙'], 1)] }
    expect(backAsItWas(leaves.slice(0, 2), after)).toEqual([
      { leaf: '1', version: 1, owners: [] },
      { leaf: '2', version: 4, owners: [{ unit_id: '甲', role: 'lead', duty_id: null }] },
    ])
  })
})
