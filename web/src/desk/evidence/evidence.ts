import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { EvidenceKind, EvidenceLink, RequirementKey, RequirementLine, RequirementState, Requirements, ReviewState } from '@/api/types'
import { shortDate } from '@/shared/dates'
import { t } from '@/shared/i18n'
import { listed } from '@/shared/words'

export const kinds: EvidenceKind[] = ['photo', 'issued_document', 'report', 'table', 'video', 'media_coverage']
export const states: ReviewState[] = ['submitted', 'returned', 'accepted', 'expired']
export const tone = (state: ReviewState) => ({ submitted: 'blue', accepted: 'green', returned: 'red', expired: 'amber' } as const)[state]

/** A requirement as one word, for addresses and keys of lists. */
export const keyOf = (of: RequirementKey) => `${of.standard_id}/${of.requirement}`
export const same = (one: RequirementKey, other: RequirementKey) => one.standard_id === other.standard_id && one.requirement === other.requirement
export function readKey(text: string): RequirementKey | null {
  const at = text.indexOf('/')
  return at > 0 && at < text.length - 1 ? { standard_id: text.slice(0, at), requirement: text.slice(at + 1) } : null
}

/** What the standards of a campaign ask for: of a unit, or all of it. */
export function useRequirements(campaign: string, unit: MaybeRefOrGetter<string> = '', enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: computed(() => ['campaign', campaign, 'requirements', toValue(unit)]),
    enabled: computed(() => toValue(enabled)),
    queryFn: () => must(api.GET('/api/v1/campaigns/{campaign}/requirements', { params: { path: { campaign }, query: { unit: toValue(unit) || undefined } } })),
  })
}
/** All requirements in one list, to choose from. */
export const flat = (all: Requirements | undefined): RequirementState[] => all?.standards.flatMap((s) => s.requirements) ?? []

/** Has everything that shows materials fetched again. */
export function useRefresh(campaign: string) {
  const queries = useQueryClient()
  return () => Promise.all(['evidence', 'requirements', 'reviews', 'remarks', 'doubts', 'ledger'].map((part) => queries.invalidateQueries({ queryKey: ['campaign', campaign, part] })))
}

type Need = RequirementState['needs'][number]
/** What is asked of a kind, in the words of an office. */
export const asks = (need: Need): string =>
  listed([
    ...(need.asked ? [t('evidence.atLeast', { n: need.asked })] : []),
    ...(need.at_most ? [t('evidence.atMost', { n: need.at_most })] : []),
    ...(need.each_activity_at_most ? [t('evidence.eachActivity', { n: need.each_activity_at_most })] : []),
    ...(need.most_characters ? [t('evidence.characters', { n: need.most_characters })] : []),
    ...(need.months && need.not_before ? [t('evidence.months', { n: need.months, day: shortDate(need.not_before) })] : []),
    ...(need.caption.length ? [t('evidence.caption', { fields: listed(need.caption) })] : []),
  ])
/** The requirement's own kind first: what it misses most of. */
export const firstMissing = (one: RequirementState): EvidenceKind => [...one.needs].sort((a, b) => b.missing - a.missing)[0]?.kind ?? 'photo'

const words = { met: 'material.grades.met', partly: 'material.grades.partly', failed: 'material.grades.failed' } as const
/** A word of a scale as people say it; letters stay letters. */
export const gradeWord = (grade: string) => (grade in words ? t(words[grade as keyof typeof words]) : grade)
/** Whether somebody has to say how good it is: accepted by a scale of yes and no, it is a yes. */
export const isGraded = (grades: readonly string[]) => grades.length > 1 && !(grades.length === 2 && grades[0] === 'met')
export const nameOf = (line: RequirementLine) => (line.standard ? `${line.title} · ${line.standard}` : line.title)
/** Characters as assessors count them. */
export const characters = (text: string) => [...text].filter((c) => !/\s/u.test(c)).length
export const can = (link: Pick<EvidenceLink, 'possible'>, deed: EvidenceLink['possible'][number]) => link.possible.includes(deed)
