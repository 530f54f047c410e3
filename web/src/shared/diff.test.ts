import { expect, it } from 'vitest'
import { diff } from './diff'

const shown = (a: string, b: string) => diff(a, b).map((p) => ({ same: p.text, added: `+${p.text}+`, gone: `-${p.text}-` })[p.change]).join('')

it('keeps numbers whole and shows only what changed', () => {
  expect(shown('不低于12处，5月前完成', '不低于20处，7月前完成')).toBe('不低于-12-+20+处，-5-+7+月前完成')
})

it.each([['', 'abc'], ['甲乙丙', ''], ['同', '同'], ['责任单位县城管局', '责任单位县住建局、县城管局'], ['x'.repeat(3000) + 'a', 'b' + 'y'.repeat(3000)]])('always adds up to both texts: %s → %s', (a, b) => {
  const pieces = diff(a, b)
  expect(pieces.filter((p) => p.change !== 'added').map((p) => p.text).join('')).toBe(a)
  expect(pieces.filter((p) => p.change !== 'gone').map((p) => p.text).join('')).toBe(b)
})
