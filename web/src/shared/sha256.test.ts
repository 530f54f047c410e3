import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { Sha256, sha256 } from './sha256'

const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i * 7 + (i >> 8)) % 256)
const expected = (b: Uint8Array) => createHash('sha256').update(b).digest('hex')

it.each([0, 1, 55, 56, 63, 64, 65, 119, 128, 100_000])('%i bytes have the hash that everybody gives them, however they come', async (n) => {
  const all = bytes(n)
  expect(new Sha256().update(all).end()).toBe(expected(all))
  expect(await sha256(all)).toBe(expected(all))
  const pieces = new Sha256()
  for (let at = 0; at < n; at += 37) pieces.update(all.subarray(at, at + 37))
  expect([pieces.length, pieces.end()]).toEqual([n, expected(all)])
})
