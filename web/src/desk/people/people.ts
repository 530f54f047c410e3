import { api, must } from '@/api/client'
import type { Member } from '@/api/types'

/** All who hold a role in a campaign: some hundreds at most. */
export async function allPeople(campaign: string): Promise<Member[]> {
  const all: Member[] = []
  let after: string | undefined
  do {
    const page = await must(api.GET('/api/v1/campaigns/{campaign}/people', { params: { path: { campaign }, query: { after, limit: 200 } } }))
    all.push(...page.items)
    after = page.next ?? undefined
  } while (after)
  return all
}
