// What a stretch of a plan that somebody selected says: a deadline, targets, units. The reader on the server does the
// same for whole documents; here it only saves typing, and every field can be corrected at once.
import type { Comparator, NamedUnit, Target, UnitRole } from '@/api/types'
import { half } from '@/shared/words'

const two = (n: string) => n.padStart(2, '0')

/** The last date in the text; a month without a year is taken to be in `year`. */
export function gleanDue(text: string, year: number): string | null {
  const s = half(text).replace(/\s/g, '')
  const found = [...s.matchAll(/(?:(\d{4}|[xX]{4}|20[xX]{2})年)?(?:(\d{1,2})月)(?:(\d{1,2})日)?|(\d{4})年/g)].at(-1)
  if (!found) return null
  const [, y, m, d, alone] = found
  if (alone) return alone
  if (!m || Number(m) < 1 || Number(m) > 12) return null
  const known = y ? (/^\d+$/.test(y) ? y : null) : String(year)
  if (d) return `${known ?? 'XXXX'}-${two(m)}-${two(d)}`
  return known ? `${known}-${two(m)}` : null
}

const words: [RegExp, Comparator][] = [
  [/不少于|不低于|至少|达到|达|确保|≥|>=/, '>='],
  [/不超过|不高于|不多于|控制在|≤|<=/, '<='],
  [/高于|超过|大于|多于/, '>'],
  [/低于|少于|小于/, '<'],
]
const figure = /(\d+(?:\.\d+)?)\s*(万|亿)?\s*([%‰]|[^\d\s、以及和]{0,6}?)\s*(以上|以内|以下)?$/

/** Every figure in the text with what it measures. */
export function gleanTargets(text: string): Target[] {
  const out: Target[] = []
  for (const part of half(text).split(/[,。;()\n]/)) {
    const clause = part.trim()
    const m = figure.exec(clause)
    const base = m?.[3] ?? ''
    if (!m || /^[年月日]/.test(base)) continue
    const head = clause.slice(0, m.index)
    const word = words.find(([re]) => re.test(head))
    const comparator: Comparator = m[4] === '以上' ? '>=' : m[4] ? '<=' : (word?.[1] ?? '=')
    let subject = head.replace(/^\d*[.、]\s*/, '')
    if (word) subject = subject.replace(word[0], '')
    const times = m[2] === '亿' ? 1e8 : m[2] === '万' ? 1e4 : 1
    out.push({ subject: subject.replace(/[:为在要应\s]+$/, '').trim(), comparator, value: Number(m[1]) * times, unit: base })
  }
  return out
}

const markers: [RegExp, UnitRole][] = [
  [/^(?:牵头|主办)(?:单位|部门)?:?/, 'lead'],
  [/^(?:配合|协办|参与|协助)(?:单位|部门)?:?/, 'support'],
  [/^(?:责任|落实|承办|实施)(?:单位|部门)?:?/, 'responsible'],
]

/** The units named in the text, with the role that a marker before them gives. */
export function gleanUnits(text: string): NamedUnit[] {
  const out: NamedUnit[] = []
  let role: UnitRole = 'responsible'
  for (const part of half(text).split(/[、,;。\n]/)) {
    let name = part.trim().replace(/^[([【]+|[)\]】.]+$/g, '')
    for (const [marker, r] of markers) {
      if (!marker.test(name)) continue
      role = r
      name = name.replace(marker, '')
    }
    name = name.replace(/等$/, '').trim()
    if (name && name.length <= 30 && !out.some((u) => u.name === name)) out.push({ name, role })
  }
  return out
}

/** Only the units that stand behind a marker of responsibility, out of a longer text. */
export const gleanMarkedUnits = (text: string): NamedUnit[] =>
  [...half(text).matchAll(/(?:牵头|责任|配合|落实)(?:单位|部门):[^。;)\n]+/g)].flatMap((m) => gleanUnits(m[0]))

/** The first clause, as a title: without number and closing punctuation. */
export function gleanTitle(text: string): string {
  const first = text.trim().split(/[。\uff1b;\n]/)[0] ?? ''
  return first
    .replace(/^(?:[\uff08(]?[\d\uff10-\uff19一二三四五六七八九十]+[\uff09)\uff0e.、]\s*)+/, '')
    .trim()
    .slice(0, 60)
}

/** The number in front of the text as digits, where it is one. */
export const gleanNumber = (text: string): string | null => /^\s*\(?(\d{1,3})[).、]/.exec(half(text))?.[1] ?? null
