import { api, must } from '@/api/client'
import type { Unit, UnitKind, UnitRole } from '@/api/types'

export const unitRoles: UnitRole[] = ['lead', 'responsible', 'support']
export const unitKinds: UnitKind[] = ['department', 'street', 'community', 'enterprise', 'city', 'district', 'working_group', 'group']

/** Every unit of a campaign, for pickers. */
export async function allUnits(campaign: string): Promise<Unit[]> {
  const all: Unit[] = []
  let after: string | undefined
  do {
    const page = await must(api.GET('/api/v1/campaigns/{campaign}/units', { params: { path: { campaign }, query: { limit: 200, after } } }))
    all.push(...page.items)
    after = page.next ?? undefined
  } while (after && all.length < 5000)
  return all
}
