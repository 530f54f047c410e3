import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { Initiative } from '@/api/types'

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
