// What the standards of a campaign are called, for pages that show codes of several of them.
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'

/** Their names by id, in their order; of a campaign with one standard a code alone says enough. */
export function useStandardNames(campaign: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => ['campaign', toValue(campaign), 'standards']),
    queryFn: () => must(api.GET('/api/v1/campaigns/{campaign}/standards', { params: { path: { campaign: toValue(campaign) } } })),
    staleTime: 60_000,
  })
  return computed(() => new Map((query.data.value?.items ?? []).map((s) => [s.standard.id, s.standard.name])))
}

export interface OfStandard<T> { name: string; items: T[] }

/** What belongs to standards, by standard in their order; what is shared comes first and has no name. */
export function byStandard<T extends { standard_id?: string | null | undefined }>(all: readonly T[], names: ReadonlyMap<string, string>): OfStandard<T>[] {
  const ids = [...new Set([null, ...names.keys(), ...all.map((one) => one.standard_id ?? null)])]
  const groups = ids.map((id) => ({ name: (id && names.get(id)) ?? '', items: all.filter((one) => (one.standard_id ?? null) === id) }))
  return groups.filter((group) => group.items.length > 0)
}
