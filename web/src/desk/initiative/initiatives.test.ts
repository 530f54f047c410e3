import { describe, expect, it } from 'vitest'
import type { Tally } from '@/api/types'
import { share } from './initiatives'

const of = (confirmed: number, total: number) => share({ whole: { confirmed, total } as Tally })

describe('how far an initiative is', () => {
  it('is not told where nothing is owed', () => expect(of(0, 0)).toBeNull())
  it('is whole only when all of it is confirmed', () => {
    expect(of(199, 200)).toBe(99)
    expect(of(200, 200)).toBe(100)
    expect(of(0, 7)).toBe(0)
  })
})
