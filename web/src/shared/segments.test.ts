import { expect, it } from 'vitest'
import { paragraphs, type Mark } from './segments'

const mark = (id: string, start: number, end: number): Mark => ({ id, kind: 'duty', start, end })
const read = (text: string, marks: Mark[]) => paragraphs(text, marks).map((p) => p.segments.map((s) => (s.mark ? `[${s.mark.id}:${s.text}]` : s.text)).join(''))

it('lights entries where they stand, across lines too', () => {
  expect(read('一二三\n四五六\n七', [mark('a', 1, 5)])).toEqual(['一[a:二三]', '[a:四]五六', '七'])
})

it('keeps an entry inside another visible: the shorter one wins', () => {
  expect(read('0123456789', [mark('out', 1, 9), mark('in', 3, 5)])).toEqual(['0[out:12][in:34][out:5678]9'])
})

it('ignores marks that hold nothing', () => {
  expect(read('abc', [mark('a', 2, 2)])).toEqual(['abc'])
})

it('loses no character of a text, however it is marked and however long its lines are', () => {
  const text = Array.from({ length: 40 }, (_, i) => (i % 7 ? '各单位按时完成。'.repeat(i * 20) : '')).join('\n')
  const marks = Array.from({ length: 200 }, (_, i) => mark(`m${i}`, (i * 977) % text.length, Math.min(text.length, ((i * 977) % text.length) + (i % 90))))
  const out = paragraphs(text, marks)
  const whole = out.map((p, i) => p.segments.map((s) => s.text).join('') + (text[p.end] === '\n' && i < out.length - 1 ? '\n' : '')).join('')
  expect(whole).toBe(text)
  expect(Math.max(...out.map((p) => p.end - p.start))).toBeLessThanOrEqual(3000)
})

it('cuts 300 kB with 1,000 entries in well under a frame budget of a second', () => {
  const text = '各乡镇要把责任落到人，月底前报送。\n'.repeat(17_000)
  const marks = Array.from({ length: 1000 }, (_, i) => mark(`m${i}`, i * 280, i * 280 + 120))
  const start = performance.now()
  paragraphs(text, marks)
  expect(performance.now() - start).toBeLessThan(1000)
})
