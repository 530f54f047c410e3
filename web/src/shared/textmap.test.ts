import { expect, it } from 'vitest'
import { TextMap } from './textmap'

const samples = ['', '清水县方案', 'a😀b', '😀😀b', '县𠮷𠮷镇😀', 'x'.repeat(50) + '𠮷' + '好'.repeat(50) + '😀'.repeat(9)]

it.each(samples)('maps characters to UTF-16 units and back: %s', (text) => {
  const map = new TextMap(text)
  const points = [...text]
  expect(map.length).toBe(points.length)
  let unit = 0
  for (let i = 0; i <= points.length; i++) {
    expect(map.unit(i)).toBe(unit)
    expect(map.point(unit)).toBe(i)
    unit += points[i]?.length ?? 0
  }
  for (let a = 0; a <= points.length; a += 3) expect(map.slice(a, points.length)).toBe(points.slice(a).join(''))
})
