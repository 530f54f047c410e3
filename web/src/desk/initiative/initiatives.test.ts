import { describe, expect, it } from 'vitest'
import type { Tally } from '@/api/types'
import { period, share } from './initiatives'

const of = (confirmed: number, total: number) => share({ whole: { confirmed, total } as Tally })

describe('how far an initiative is', () => {
  it('is not told where nothing is owed', () => expect(of(0, 0)).toBeNull())
  it('is whole only when all of it is confirmed', () => {
    expect(of(199, 200)).toBe(99)
    expect(of(200, 200)).toBe(100)
    expect(of(0, 7)).toBe(0)
  })
})

describe('when an initiative is', () => {
  const year = new Date().getFullYear()
  it.each([
    [`${year}-03-02`, `${year}-05-31`, /^3月2日.* – 5月31日/],
    [`${year}-03-02`, null, /^3月2日.*起$/],
    [null, `${year}-05-31`, /^至5月31日/],
    [null, null, /^$/],
  ])('from %s to %s', (starts_on, ends_on, said) => expect(period({ starts_on, ends_on })).toMatch(said))
})
