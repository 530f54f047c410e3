import { expect, test } from 'vitest'
import { allFit, filled, isDecimal, plainNumber, table } from './figures'

const line = { target_id: 't', on: '2026-06-01', source: ' 统计月报 ' }

test('a number is taken as people write it', () => {
  expect(plainNumber('１２，３４５．６')).toBe('12345.6')
  expect(plainNumber(' 1,234 ')).toBe('1234')
  for (const good of ['0', '-3.5', '36.50']) expect(isDecimal(good), good).toBe(true)
  for (const bad of ['', '三十', '1e3', '.5', '1234567890123456789', '约36']) expect(isDecimal(bad), bad).toBe(false)
})

test('only lines with a value are sent, and none while one of them is not whole', () => {
  const drafts = [{ ...line, value: '36' }, { ...line, value: ' ' }]
  expect(filled(drafts)).toEqual([{ target_id: 't', value: '36', on: '2026-06-01', source: '统计月报' }])
  expect(allFit(drafts)).toBe(true)
  expect(allFit([{ ...line, value: '36', source: ' ' }])).toBe(false)
  expect(allFit([{ ...line, value: '约36' }])).toBe(false)
  expect(allFit([])).toBe(true)
})

test('figures of several units stand beside each other by day', () => {
  const unit = (name: string, points: { on: string; value: string }[]) => ({ unit: { id: name, name }, role: 'responsible' as const, reached: 'unknown' as const, latest: null, points, left_out: 0 })
  const target = { id: 't', subject: '覆盖率', comparator: '>=' as const, value: 90, unit: '%', reached: null, units: [unit('甲', [{ on: '2026-02-01', value: '80' }]), unit('乙', []), unit('丙', [{ on: '2026-01-01', value: '70' }, { on: '2026-02-01', value: '75' }])] }
  const { units, rows } = table(target)
  expect(units.map((u) => u.unit.name)).toEqual(['甲', '丙'])
  expect(rows).toEqual([['2026-01-01', '', '70'], ['2026-02-01', '80', '75']])
})
