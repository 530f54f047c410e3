import type { Entries, Place } from '@/api/types'
import { t, type MessageKey } from '@/shared/i18n'

type Named = Pick<Place, 'code' | 'title' | 'depth'>

const fields: Record<string, MessageKey> = {
  title: 'standardField.title', text: 'standardField.text', marks: 'standardField.marks', capped: 'standardField.capped', measures: 'standardField.measures', combine: 'standardField.combine', code: 'standard.code',
  grading: 'standard.grading', scale: 'standardField.scale', method: 'standardField.measures', weight: 'standard.weightField', criteria: 'standard.criteria', requirements: 'standard.requirements', questions: 'standard.questions', statistic: 'standard.statistics', options: 'standardField.options', enough: 'standardField.enough', filings: 'standardField.filings',
  window: 'standardField.window', rounding: 'standardField.rounding', sampling: 'standardField.sampling', gates: 'standardField.gates', negative_list: 'standardField.negative_list', bonus: 'standardField.bonus', contributions: 'standardField.contributions', uses: 'standard.usesField',
}

/** The place of the tree that a fault's path begins with, and what of the path is left. */
export function placeAt<P extends Named>(path: string, places: readonly P[]): { place: P; rest: string } | null {
  const found = /^tree(\[\d+\](?:\.children\[\d+\])*)\.?(.*)$/.exec(path)
  if (!found) return null
  let at = -1
  let depth = 0
  for (const [, n] of found[1]!.matchAll(/\[(\d+)\]/g)) {
    let left = Number(n)
    const from = at + 1
    at = -1
    for (let i = from; i < places.length && places[i]!.depth >= depth; i++) {
      if (places[i]!.depth === depth && left-- === 0) {
        at = i
        break
      }
    }
    if (at < 0) return null
    depth++
  }
  return { place: places[at]!, rest: found[2]! }
}

/** What a path inside something says, in words: the second measure, how it is graded, the first step. */
function inside(path: string): string[] {
  return path.split('.').filter(Boolean).flatMap((part) => {
    const [, name, n] = /^([a-z_]+)(?:\[(\d+)\])?/.exec(part) ?? []
    if (name === undefined) return []
    if (name === 'measures' && n !== undefined) return [t('standard.measure', { n: Number(n) + 1 })]
    if ((name === 'steps' || name === 'grades') && n !== undefined) return [t('standard.step', { n: Number(n) + 1 })]
    const key = fields[name]
    return key ? [t(key)] : []
  })
}

/** Something of the draft's own catalogue, by its name. */
function entryAt(path: string, entries: Entries | undefined): string[] {
  const [, list, n, , m, rest = ''] = /^catalogue\.([a-z_]+)\[(\d+)\](\.criteria\[(\d+)\])?\.?(.*)$/.exec(path) ?? []
  const words: Record<string, MessageKey> = { site_types: 'thing.site_type', requirements: 'thing.requirement', questions: 'thing.question', statistics: 'thing.statistic' }
  const key = list === undefined ? undefined : words[list]
  if (!key) return []
  const entry = entries?.[list as keyof Entries][Number(n)]
  const criterion = entry && 'criteria' in entry && m !== undefined ? entry.criteria[Number(m)] : undefined
  return [entry?.name ?? t(key), ...(criterion ? [criterion.name] : []), ...inside(rest)]
}

/** Where a fault is, as people call it: the indicator's code and name, then what of it. */
export function whereIs(path: string, places: readonly Named[], entries?: Entries, own?: Pick<Place, 'code' | 'title'>): string {
  const at = placeAt(path, places)
  if (at) return [`${at.place.code} ${at.place.title}`, ...inside(at.rest)].join(' · ')
  if (own) return inside(path).join(' · ')
  if (path.startsWith('catalogue.')) return entryAt(path, entries).join(' · ')
  return path === 'marks' ? t('standard.wholeMarks') : inside(path).join(' · ')
}
