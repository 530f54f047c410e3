import { api, must } from '@/api/client'
import type { Unit, UnitKind, UnitRole } from '@/api/types'

export const unitRoles: UnitRole[] = ['lead', 'responsible', 'support']
export const unitKinds: UnitKind[] = ['department', 'street', 'community', 'enterprise', 'city', 'district', 'working_group', 'group']

/** Every unit of a campaign, for pickers. */
export const allUnits = async (campaign: string): Promise<Unit[]> => (await must(api.GET('/api/v1/campaigns/{campaign}/units', { params: { path: { campaign } } }))).items
