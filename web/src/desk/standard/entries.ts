import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { Edition, Entries } from '@/api/types'
import { t } from '@/shared/i18n'
import { pair } from '@/shared/words'

/** All that an edition's indicators can ask for, by its names; of an edition as it is now. */
export function useEntries(standard: MaybeRefOrGetter<string>, edition: MaybeRefOrGetter<Edition | undefined>, wanted: MaybeRefOrGetter<boolean>) {
  return useQuery({
    queryKey: computed(() => ['standard', toValue(standard), 'edition', toValue(edition)?.id, 'entries', toValue(edition)?.version]),
    enabled: computed(() => toValue(wanted) && !!toValue(edition)),
    queryFn: () => must(api.GET('/api/v1/standards/{standard}/editions/{edition}/entries', { params: { path: { standard: toValue(standard), edition: toValue(edition)!.id } } })),
    staleTime: 300_000,
  })
}

/** Something to choose: as files name it, and as people do. */
export interface Choice { value: string; name: string }
export type Takes = 'criteria' | 'requirements' | 'questions' | 'statistics'

/** Criteria are chosen one by one, or all of a kind of place. */
export function choices(entries: Entries, of: Takes): Choice[] {
  if (of !== 'criteria') return entries[of].map((e) => ({ value: e.id, name: e.name }))
  return entries.site_types.flatMap((s) => [{ value: `${s.id}/*`, name: t('standard.wholeType', { name: s.name }) }, ...s.criteria.map((c) => ({ value: `${s.id}/${c.id}`, name: pair(s.name, c.name) }))])
}

/** The statistics that a formula names, with what they are called. */
export function namedIn(expression: string, statistics: readonly { id: string; name: string }[]): string[] {
  const names = new Set(expression.match(/[a-z][a-z0-9_]*/g) ?? [])
  return statistics.filter((s) => names.has(s.id)).map((s) => pair(s.id, s.name))
}
