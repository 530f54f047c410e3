import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { Initiative } from '@/api/types'
import { planDate } from '@/shared/dates'
import { t } from '@/shared/i18n'

/** The special actions and working groups of a campaign, to choose from; `open`: only those that take duties. */
export function useInitiatives(campaign: string, open: boolean, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['campaign', campaign, 'initiatives', 'choice', open],
    enabled: computed(() => toValue(enabled)),
    queryFn: async () => (await must(api.GET('/api/v1/campaigns/{campaign}/initiatives', { params: { path: { campaign }, query: { open: open || undefined, limit: 200 } } }))).items,
    staleTime: 60_000,
  })
}

/** How far it is: what was confirmed of what is owed, in whole percents, never 100 while something is left. */
export const share = (i: Pick<Initiative, 'whole'>) => (i.whole.total ? Math.floor((i.whole.confirmed / i.whole.total) * 100) : null)

/** From when to when, as far as that is known; empty where nothing of it is. */
export function period({ starts_on: from, ends_on: to }: Pick<Initiative, 'starts_on' | 'ends_on'>): string {
  if (from && to) return t('initiative.fromTo', { from: planDate(from), to: planDate(to) })
  return from ? t('initiative.since', { day: planDate(from) }) : to ? t('initiative.until', { day: planDate(to) }) : ''
}
