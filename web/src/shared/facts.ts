// Facts and marks in a few words, for every page that shows them.
import type { Fact, FactKind, Observation, Scorecard } from '@/api/types'
import { t, type MessageKey } from './i18n'

/** A decimal to so many places, as the standard rounds, without a float between: a half away from zero, to the even digit, or cut off. */
export function rounded(decimal: string, places: number, how: Scorecard['rounding'] = 'half_up'): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  const kept = BigInt(whole + fraction.padEnd(places, '0').slice(0, places))
  const rest = fraction.slice(places)
  const isHalf = /^50*$/.test(rest)
  const up = how === 'down' ? false : how === 'half_even' && isHalf ? kept % 2n === 1n : rest >= '5'
  const cut = up ? kept + 1n : kept
  const text = String(cut).padStart(places + 1, '0')
  const shown = places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text
  return cut === 0n ? shown : sign + shown
}

export const kindKeys: Record<FactKind, MessageKey> = {
  figure: 'score.kindFigure', judgement: 'score.kindJudgement', event: 'score.kindEvent', honour: 'score.kindHonour',
  no_sites: 'score.kindNoSites', visit: 'score.kindVisit', review: 'score.kindReview', answers: 'score.kindAnswers',
}

/** A word of a scale as people say it; the names of grades say themselves. */
export function verdictText(word: string): string {
  const words: Record<string, MessageKey> = { met: 'score.met', partly: 'score.partlyMet', failed: 'score.failed' }
  const key = words[word]
  return key ? t(key) : word
}

type Kept = Pick<Observation, 'id' | 'superseded_by' | 'withdraws' | 'accepted_at' | 'covert' | 'released_at'>
const nextOf = (o: Kept, known: readonly Kept[]) => known.find((other) => other.id === o.superseded_by)

/** Whether it was recorded in error, as far as what is known tells; or says that of another one. */
export const isWithdrawn = (o: Kept, known: readonly Kept[]): boolean => o.withdraws || (nextOf(o, known)?.withdraws ?? false)

/** Whether nothing has taken its place that counts itself; what a withdrawn correction corrected stands again. */
export function stands(o: Kept, known: readonly Kept[]): boolean {
  if (isWithdrawn(o, known)) return false
  for (let at: Kept = o; at.superseded_by; ) {
    const by = nextOf(at, known)
    if (!by) return false
    if (by.accepted_at && (!by.covert || by.released_at) && !isWithdrawn(by, known)) return false
    at = by
  }
  return true
}

/** What was found, in a few words. */
export function found(fact: Fact, measuredIn: string | null | undefined): string {
  switch (fact.kind) {
    case 'figure': return `${fact.value}${measuredIn ? ` ${measuredIn}` : ''}`
    case 'review': return fact.incomplete ? t('score.incomplete', { verdict: verdictText(fact.verdict) }) : verdictText(fact.verdict)
    case 'answers': return t('score.answersCount', { n: Object.values(fact.options).reduce((sum, times) => sum + times, 0) })
    case 'visit':
    case 'judgement':
      if (fact.absent) return t('score.absent')
      if (fact.verdict) return verdictText(fact.verdict)
      // What is counted at a site are places; a number on a leaf itself may be anything.
      if (fact.kind === 'visit' && !fact.metres && fact.number) return t('score.numberFound', { number: fact.number, n: Number(fact.number) })
      return fact.metres ? t('score.numberAlong', { number: fact.number ?? '', metres: fact.metres }) : (fact.number ?? '')
    default: return t(kindKeys[fact.kind])
  }
}
