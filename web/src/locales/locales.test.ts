import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import en from './en'
import zh from './zh-CN'
import front from './zh-CN/front'

type Tree = { [key: string]: string | Tree }
const leaves = (tree: Tree, at = ''): [string, string][] => Object.entries(tree).flatMap(([k, v]): [string, string][] => (typeof v === 'string' ? [[`${at}${k}`, v]] : leaves(v, `${at}${k}.`)))
const holes = (s: string) => [...new Set(s.match(/\{\w+\}/g) ?? [])].sort().join()

it('both locales have the same messages in the same order', () => {
  expect(leaves(en as Tree).map(([k]) => k)).toEqual(leaves(zh as Tree).map(([k]) => k))
})

it('a message takes the same values in both languages', () => {
  const english = new Map(leaves(en as Tree))
  // An English singular may name the one thing without its number.
  const wrong = leaves(zh as Tree).filter(([k, v]) => holes(v) !== holes(english.get(k)!))
  expect(wrong).toEqual([])
})

it('the pages before the login say only what comes with them', () => {
  const there = new Set(leaves(front as Tree).map(([k]) => k))
  const pages = ['desk/entry/Front.vue', 'desk/entry/Join.vue', 'desk/entry/Login.vue', 'desk/entry/SetUp.vue', 'shared/CampaignForm.vue', 'app/App.vue']
  const asked = pages.flatMap((page) => [...readFileSync(join(import.meta.dirname, '..', page), 'utf8').matchAll(/[^\w]t\((?:\w+ \? )?'([\w.]+)'(?: : '([\w.]+)')?/g)].flatMap((m) => [m[1]!, m[2]].filter(Boolean) as string[]))
  expect(asked.length).toBeGreaterThan(40)
  expect(asked.filter((key) => !there.has(key))).toEqual([])
})

it('no Chinese text stands in a page: all of it is in the locales', () => {
  const files = (dir: string): string[] => readdirSync(dir, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? files(join(dir, f.name)) : [join(dir, f.name)]))
  const pages = files(join(import.meta.dirname, '..')).filter((f) => f.endsWith('.vue'))
  const found = pages.filter((f) => /[\u4e00-\u9fff]/.test(readFileSync(f, 'utf8').replace(/\/(?![/*])(?:\\.|[^/\n])+\/[gu]*/g, '')))
  expect(found.map((f) => f.split('/src/')[1])).toEqual([])
})
