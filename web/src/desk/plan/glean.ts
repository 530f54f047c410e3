// What a stretch of a plan that somebody selected says: a deadline, targets, units. The reader on the server does the
// same for whole documents; here it only saves typing, and every field can be corrected at once.
import type { Comparator, NamedUnit, Target, UnitRole } from '@/api/types'

const two = (n: string) => n.padStart(2, '0')

/** The last date in the text; a month without a year is taken to be in `year`. */
export function gleanDue(text: string, year: number): string | null {
  const s = text.replace(/\s/g, '')
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

/** Every figure in the text with what it measures. */
export function gleanTargets(text: string): Target[] {
  const out: Target[] = []
  for (const clause of text.split(/[,,。;;\n]/)) {
    const m = /(\d+(?:\.\d+)?)\s*(万|亿)?\s*([%%‰]|[^\d\s、,。;以及和]{0,5}?)\s*(以上|以内|以下)?$/.exec(clause.trim()) ?? /(\d+(?:\.\d+)?)\s*(万|亿)?\s*([%%‰]|[^\d\s、以]{1,2})(以上|以内|以下)?/.exec(clause.trim())
    if (!m || /^[年月日]/.test(m[3] ?? '')) continue
    const head = clause.trim().slice(0, m.index)
    const word = words.find(([re]) => re.test(head))
    const comparator: Comparator = m[4] === '以上' ? '>=' : m[4] ? '<=' : (word?.[1] ?? '=')
    const subject = head.replace(word?.[0] ?? /$^/, '').replace(/[::为在要应]+$/, '').replace(/^[((]?\d*[))..、]?/, '').trim()
    const times = m[2] === '亿' ? 1e8 : m[2] === '万' ? 1e4 : 1
    out.push({ subject, comparator, value: Number(m[1]) * times, unit: (m[3] ?? '').replace('%', '%') })
  }
  return out
}

const markers: [RegExp, UnitRole][] = [
  [/^(?:牵头|主办)(?:单位|部门)?[::]?/, 'lead'],
  [/^(?:配合|协办|参与|协助)(?:单位|部门)?[::]?/, 'support'],
  [/^(?:责任|落实|承办|实施)(?:单位|部门)?[::]?/, 'responsible'],
]

/** The units named in the text, with the role that a marker before them gives. */
export function gleanUnits(text: string): NamedUnit[] {
  const out: NamedUnit[] = []
  let role: UnitRole = 'responsible'
  for (const part of text.split(/[、,,;;。\n]/)) {
    let name = part.trim().replace(/^[((【[]+|[))】\]。.]+$/g, '')
    for (const [re, r] of markers) {
      if (!re.test(name)) continue
      role = r
      name = name.replace(re, '')
    }
    name = name.replace(/等$/, '').trim()
    if (name && name.length <= 30 && !out.some((u) => u.name === name)) out.push({ name, role })
  }
  return out
}

/** The first clause, as a title: without number and closing punctuation. */
export function gleanTitle(text: string): string {
  const first = text.trim().split(/[。;;\n]/)[0] ?? ''
  return first.replace(/^(?:[((]?[\d一二三四五六七八九十]+[))..、]\s*)+/, '').trim().slice(0, 60)
}

/** The number in front of the text as digits, where it is one. */
export function gleanNumber(text: string): string | null {
  return /^\s*[((]?(\d{1,3})[))..、]/.exec(text)?.[1] ?? null
}
