// What the score page shows: numbers are the engine's own texts, and only rounded as the standard publishes.
import type { ComparedPlace, Fact, FactKind, KnownStatus, Observable, Observation, PlaceScore, Scorecard, UnitScore } from '@/api/types'
import { rounded } from '@/shared/facts'
import { t } from '@/shared/i18n'

export { found, kindKeys, rounded, verdictText } from '@/shared/facts'

/** Which share of the marks something is, for what is drawn: from 0 to 1. */
export const share = (marks: string, of: string) => (Number(of) > 0 ? Math.min(1, Math.max(0, Number(marks) / Number(of))) : 0)

/** Marks as their standard publishes them; to more places where single losses are told. */
export const marksOf = (card: Pick<Scorecard, 'places_shown' | 'rounding'>, marks: string, least = 0) => rounded(marks, Math.max(card.places_shown, least), card.rounding)

/** 0.6667 as 66.7%: the point moves, nothing is reckoned. */
export function percentOf(part: string): string {
  const [whole = '0', fraction = ''] = part.split('.')
  const digits = fraction.padEnd(2, '0')
  return `${rounded(`${whole}${digits.slice(0, 2)}.${digits.slice(2) || '0'}`, 1).replace(/\.0$/, '')}%`
}

/** The leaves of which not all is known, those that can still move most first. */
export const openLeaves = (places: readonly PlaceScore[]) =>
  places.filter((p) => p.leaf && Number(p.open) > 0).sort((a, b) => Number(b.open) - Number(a.open))

/** The day of a moment, in the one time that China keeps. */
export const dayOf = (at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(at)

/** The end of a day in that time; nothing for what is no day, and for one that is not over: of that the score of now tells. */
export const endOf = (day: string, today: string) => (/^\d{4}-\d\d-\d\d$/.test(day) && day < today ? `${day}T23:59:59+08:00` : '')

/** The same day a month earlier, or the last one of that month. */
export function monthBefore(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 2, Math.min(date, last))).toISOString().slice(0, 10)
}

/** How much more or less, with its sign, to so many places. */
export function signed(marks: string, places: number): string {
  const text = rounded(marks, places)
  return text.startsWith('-') ? `−${text.slice(1)}` : /[1-9]/.test(text) ? `+${text}` : text
}

/** What is told of a difference: its marks where some are shown, else that more or less is known, else what the standard says. */
export type Difference = 'marks' | 'known' | 'said' | null
export function differenceOf(p: Pick<ComparedPlace, 'by' | 'reasons'>, shown: number): Difference {
  const seen = (marks: string) => /[1-9]/.test(rounded(marks, shown))
  if (seen(p.by.value)) return 'marks'
  if (seen(p.by.low) || seen(p.by.high)) return 'known'
  return p.reasons.some((r) => r === 'added' || r === 'removed' || r === 'divided' || r === 'marks') ? 'said' : null
}

/** The places of which a difference is shown to so many places, with those above them. */
export function changedPlaces<P extends Pick<ComparedPlace, 'by' | 'reasons' | 'depth'>>(places: readonly P[], shown: number): P[] {
  const kept: P[] = []
  let above = 0
  for (const place of [...places].reverse()) {
    if (differenceOf(place, shown) === null && place.depth >= above) continue
    kept.push(place)
    above = place.depth
  }
  return kept.reverse()
}

/** What gained most, or lost most: leaves by what they have more, at most so many. */
export function furthest<P extends Pick<ComparedPlace, 'by_leaf'>>(places: readonly P[], sign: 1 | -1, most: number): P[] {
  return places.filter((p) => Number(p.by_leaf) * sign > 0).sort((a, b) => (Number(b.by_leaf) - Number(a.by_leaf)) * sign).slice(0, most)
}

/** A unit's name in the address; leaves that nobody holds have one, too. */
export const unitKey = (u: Pick<UnitScore, 'unit'>) => u.unit?.id ?? 'none'

export const statusTone = (status: KnownStatus) => ({ unknown: 'amber', partly: 'blue', known: 'green', not_applicable: 'plain' } as const)[status]
export const statusIcon = (status: KnownStatus) => ({ unknown: 'search', partly: 'history', known: 'check', not_applicable: 'close' } as const)[status]

/** What a line of the sum is called. */
export const lineTitle = (line: Pick<Scorecard['lines'][number], 'line' | 'title' | 'code'>) => t(`score.${line.line}`, { title: line.title ?? line.code ?? '' })

/** What can be recorded by hand on this page. */
export const byHand: readonly FactKind[] = ['figure', 'judgement', 'event', 'honour', 'no_sites']

/** What was recorded in error can be withdrawn; a material's verdict follows the reviews, where it is taken back. */
export const withdrawable = (o: Pick<Observation, 'fact' | 'superseded_by' | 'withdraws'>) => !o.superseded_by && !o.withdraws && o.fact.kind !== 'review'

/** One of the things that can be observed, by a key that tells it from all others. */
export const keyOf = (o: Pick<Observable, 'about' | 'standard_id' | 'method'>) => [o.standard_id ?? '', o.method ?? '', o.about].join('/')

export interface Typed { kind: FactKind; thing: string; value: string; metres: string; verdict: string; period: string; on: string; source: string; unit: string }

/** The fact that somebody typed about a thing. */
export function typedFact(m: Pick<Typed, 'kind' | 'value' | 'metres' | 'verdict'>, thing: Observable): Fact {
  const { about } = thing
  switch (m.kind) {
    case 'figure': return { kind: 'figure', statistic: about, value: m.value.trim() }
    case 'event': return { kind: 'event', entry: about }
    case 'honour': return { kind: 'honour', honour: about }
    case 'no_sites': return { kind: 'no_sites', site_type: about }
    default: {
      const absent = m.verdict === 'absent'
      const judged = { kind: 'judgement' as const, leaf: about, method: thing.method ?? 'overall', absent }
      if (absent) return judged
      if (thing.words.length) return { ...judged, verdict: m.verdict }
      return { ...judged, number: m.value.trim(), ...(thing.along && m.metres ? { metres: m.metres.trim() } : {}) }
    }
  }
}
