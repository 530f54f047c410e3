import type { PlanState } from '@/api/types'

export const stateTone: Record<PlanState, 'plain' | 'blue' | 'green' | 'amber' | 'red'> = { reading: 'blue', failed: 'red', draft: 'amber', adopted: 'green', discarded: 'plain' }
