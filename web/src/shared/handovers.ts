import { api, must } from '@/api/client'
import type { HandoverRequest } from '@/api/types'

/** Who asks to have their work handed over and waits for it: a handful, of whom none may be missed. */
export async function waitingRequests(campaign: string): Promise<HandoverRequest[]> {
  const all: HandoverRequest[] = []
  let after: string | undefined
  do {
    const page = await must(api.GET('/api/v1/campaigns/{campaign}/handover-requests', { params: { path: { campaign }, query: { waiting: true, after, limit: 200 } } }))
    all.push(...page.items)
    after = page.next ?? undefined
  } while (after)
  return all
}
export const requestsKey = (campaign: string) => ['people', campaign, 'requests'] as const
