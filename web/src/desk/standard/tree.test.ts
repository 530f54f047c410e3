import { describe, expect, it } from 'vitest'
import type { Place } from '@/api/types'
import { opens, parentOf, seen, step } from './tree'

const place = (code: string, depth: number, leaf: boolean) => ({ code, depth, leaf, title: code, marks: '1', methods: [] }) as Place
const places = [place('1', 0, false), place('1.1', 1, false), place('1.1.1', 2, true), place('1.2', 1, true), place('2', 0, false), place('2.1', 1, true)]
const none = () => false

describe('which places are seen', () => {
  it('are all while nothing is closed', () => expect(seen(places, none)).toEqual([0, 1, 2, 3, 4, 5]))
  it('are none below a closed one, whatever is open in it', () => {
    expect(seen(places, (i) => i === 0)).toEqual([0, 4, 5])
    expect(seen(places, (i) => i === 1)).toEqual([0, 1, 3, 4, 5])
    expect(seen(places, (i) => !places[i]!.leaf)).toEqual([0, 4])
  })
})

describe('the keys of a tree', () => {
  const shown = seen(places, none)
  it.each([
    ['ArrowDown', 0, { go: 1 }],
    ['ArrowDown', 5, null],
    ['ArrowUp', 0, null],
    ['End', 0, { go: 5 }],
    ['ArrowRight', 0, { go: 1 }],
    ['ArrowRight', 2, null],
    ['ArrowLeft', 1, { close: 1 }],
    ['ArrowLeft', 2, { go: 1 }],
    ['ArrowLeft', 3, { go: 0 }],
    ['Enter', 2, { choose: 2 }],
    ['Enter', 1, { close: 1 }],
    ['x', 1, null],
  ] as const)('%s at %i', (key, here, what) => expect(step(key, places, shown, here, none)).toEqual(what))
  it('open what is closed before they go in', () => {
    const closed = (i: number) => i === 0
    expect(step('ArrowRight', places, seen(places, closed), 0, closed)).toEqual({ open: 0 })
    expect(step('ArrowLeft', places, seen(places, closed), 0, closed)).toBeNull()
  })
})

it('what is above and what opens follows from the depth', () => {
  expect(places.map((_, i) => parentOf(places, i))).toEqual([-1, 0, 1, 0, -1, 4])
  expect(places.map((_, i) => opens(places, i))).toEqual([true, true, false, false, true, false])
})
