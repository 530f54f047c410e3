import { describe, expect, it } from 'vitest'
import { asFile, asTyped, monthsOf, stretch } from './year'

const may = { name: '劳动节', from: '2026-05-01', to: '2026-05-05', working: ['2026-05-09'] }

describe('a year of holidays', () => {
  it('is drawn as twelve months of whole weeks', () => {
    const months = monthsOf(2026, [may])
    expect(months).toHaveLength(12)
    expect(months.flat().every((week) => week.length === 7)).toBe(true)
    expect(months.flat(2).filter(Boolean)).toHaveLength(365)
    const of = (day: string) => months.flat(2).find((d) => d?.day === day)
    expect(of('2026-05-05')).toEqual({ day: '2026-05-05', kind: 'holiday', name: '劳动节' })
    expect(of('2026-05-09')).toEqual({ day: '2026-05-09', kind: 'make_up', name: '劳动节' })
    expect(of('2026-05-10')?.kind).toBe('weekend')
    expect(of('2026-05-06')?.kind).toBe('workday')
    expect(months[4]?.[0]?.slice(0, 5)).toEqual([null, null, null, null, of('2026-05-01')])
  })
  it('is typed, written and read again', () => {
    const rows = [{ name: '劳动节', from: '2026-05-01', to: '2026-05-05', working: '2026-05-09、2026-04-26' }]
    const file = asFile(2026, '通知', rows)
    expect(JSON.parse(file)).toEqual({ year: 2026, source: '通知', holidays: [{ ...may, working: ['2026-05-09', '2026-04-26'] }] })
    expect(asTyped(file)).toEqual({ source: '通知', rows: [{ ...rows[0], working: '2026-05-09 2026-04-26' }] })
    expect(asTyped('放假')).toBeNull()
    expect(asTyped('{"holidays": 1}')).toBeNull()
  })
  it('does not run away with a slip in a date', () => {
    expect(stretch('2026-05-01', '2062-05-05')).toHaveLength(62)
    expect(stretch('2026-05-05', '2026-05-01')).toEqual([])
    expect(stretch('', '2026-05-01')).toEqual([])
  })
})
