import { api, must } from '@/api/client'
import type { Datum } from '@/api/types'
import type { MessageKey } from '@/shared/i18n'

export const datums: readonly Datum[] = ['wgs84', 'cgcs2000', 'gcj02', 'bd09']
export const datumKeys: Record<Datum, MessageKey> = { wgs84: 'site.wgs84', cgcs2000: 'site.cgcs2000', gcj02: 'site.gcj02', bd09: 'site.bd09' }

/** The types of sites that the standards of a campaign have criteria for. */
export async function typesOf(campaign: string): Promise<{ id: string; title: string }[]> {
  const { items } = await must(api.GET('/api/v1/campaigns/{campaign}/observables', { params: { path: { campaign }, query: { kind: 'no_sites' } } }))
  return items.map((one) => ({ id: one.about, title: one.title }))
}
