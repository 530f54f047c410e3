// What the score page shows: numbers are the engine's own texts, and only rounded as the standard publishes.
import type { Fact, FactKind, KnownStatus, Observable, PlaceScore, Scorecard } from '@/api/types'
import { t, type MessageKey } from '@/shared/i18n'

/** A decimal to so many places, without a float between: half goes away from zero. */
export function rounded(decimal: string, places: number): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  const digits = BigInt(whole + fraction.padEnd(places + 1, '0').slice(0, places + 1))
  const cut = (digits + 5n) / 10n
  const text = String(cut).padStart(places + 1, '0')
  const shown = places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text
  return cut === 0n ? shown : sign + shown
}

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

export const kindKeys: Record<FactKind, MessageKey> = {
  figure: 'score.kindFigure', judgement: 'score.kindJudgement', event: 'score.kindEvent', honour: 'score.kindHonour',
  no_sites: 'score.kindNoSites', visit: 'score.kindVisit', review: 'score.kindReview', answers: 'score.kindAnswers',
}

/** What can be recorded by hand on this page. */
export const byHand: readonly FactKind[] = ['figure', 'judgement', 'event', 'honour', 'no_sites']

/** A word of a scale as people say it; the names of grades say themselves. */
export function verdictText(word: string): string {
  const words: Record<string, MessageKey> = { met: 'score.met', partly: 'score.partlyMet', failed: 'score.failed' }
  const key = words[word]
  return key ? t(key) : word
}

/** What was found, in a few words. */
export function found(fact: Fact, measuredIn: string | null | undefined): string {
  switch (fact.kind) {
    case 'figure': return `${fact.value}${measuredIn ? ` ${measuredIn}` : ''}`
    case 'review': return verdictText(fact.verdict)
    case 'answers': return t('score.answersCount', { n: Object.values(fact.options).reduce((sum, times) => sum + times, 0) })
    case 'visit':
    case 'judgement':
      if (fact.absent) return t('score.absent')
      if (fact.verdict) return verdictText(fact.verdict)
      return fact.metres ? t('score.numberAlong', { number: fact.number ?? '', metres: fact.metres }) : (fact.number ?? '')
    default: return t(kindKeys[fact.kind])
  }
}

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
