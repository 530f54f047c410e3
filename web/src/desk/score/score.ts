// What the score page shows: numbers are the engine's own texts, and only rounded as the standard publishes.
import type { Fact, FactKind, KnownStatus, Observable, PlaceScore, Scorecard } from '@/api/types'
import { rounded } from '@/shared/facts'
import { t } from '@/shared/i18n'

export { found, kindKeys, rounded, verdictText } from '@/shared/facts'

/** Which share of the marks something is, for what is drawn: from 0 to 1. */
export const share = (marks: string, of: string) => (Number(of) > 0 ? Math.min(1, Math.max(0, Number(marks) / Number(of))) : 0)

export const percentOf = (part: string) => `${rounded(String(Number(part) * 100), 1).replace(/\.0$/, '')}%`

/** The leaves of which not all is known, those that can still move most first. */
export const openLeaves = (places: readonly PlaceScore[]) =>
  places.filter((p) => p.leaf && Number(p.open) > 0).sort((a, b) => Number(b.open) - Number(a.open))

export const statusTone = (status: KnownStatus) => ({ unknown: 'amber', partly: 'blue', known: 'green', not_applicable: 'plain' } as const)[status]
export const statusIcon = (status: KnownStatus) => ({ unknown: 'search', partly: 'history', known: 'check', not_applicable: 'close' } as const)[status]

/** What a line of the sum is called. */
export const lineTitle = (line: Scorecard['lines'][number]) => t(`score.${line.line}`, { title: line.title ?? line.code ?? '' })

/** What can be recorded by hand on this page. */
export const byHand: readonly FactKind[] = ['figure', 'judgement', 'event', 'honour', 'no_sites']

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
