import { ref } from 'vue'
import { api, must } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Evidence } from '@/api/types'
import { t } from '@/shared/i18n'
import { complain, say } from '@/shared/undo'
import { useRefresh } from './evidence'

/** What a reviewer decides about one requirement, as it was seen. */
export type Verdict = { deed: 'accept'; grade?: string | null } | { deed: 'return' | 'take_back'; reason: string }
export interface Seen { id: string; version: number }

/** A queue with the one that is looked at: it stays where it stood although somebody else decided about it meanwhile. */
export function withKept<T extends { id: string }>(rows: readonly T[], kept: { row: T; at: number } | null): readonly T[] {
  return !kept || rows.some((r) => r.id === kept.row.id) ? rows : [...rows.slice(0, kept.at), kept.row, ...rows.slice(kept.at)]
}

/** Decides, says so, and has everything fetched again that shows it; null where it was not done. */
export function useReviews(campaign: string) {
  const refresh = useRefresh(campaign)
  const busy = ref(false)
  async function decide(evidence: string, link: Seen, verdict: Verdict): Promise<Evidence | null> {
    if (busy.value) return null
    busy.value = true
    try {
      const path = { campaign, evidence }
      const decided = await must(api.POST('/api/v1/campaigns/{campaign}/evidence/{evidence}/reviews', { params: { path }, body: { decisions: [{ ...verdict, link_id: link.id, version: link.version }] } }))
      say(t('review.done'))
      return decided
    } catch (error) {
      if (asProblem(error).stale) say(t('review.stale'))
      else complain(error)
      return null
    } finally {
      busy.value = false
      void refresh()
    }
  }
  return { decide, busy }
}
