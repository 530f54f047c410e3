import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, ifMatch, must } from '@/api/client'
import type { Duty, DutyChange, DutyState, Recurrence } from '@/api/types'
import { t } from '@/shared/i18n'
import { fieldName } from '@/shared/story'
import { complain, offerUndo, say } from '@/shared/undo'

export const filterNames = ['unit', 'phase', 'initiative', 'part', 'due_from', 'due_to', 'undated', 'target', 'recurrence', 'state', 'plan', 'q'] as const
export type DutyFilters = Record<(typeof filterNames)[number], string>

/** The filters of the address as the API takes them, in a query and in an order for a table. */
export function dutyQuery(f: DutyFilters) {
  return {
    unit: f.unit || undefined,
    phase: f.phase || undefined,
    initiative: f.initiative || undefined,
    part: f.part || undefined,
    due_from: f.due_from || undefined,
    due_to: f.due_to || undefined,
    undated: f.undated === 'true' ? true : undefined,
    target: f.target === 'true' ? true : f.target === 'false' ? false : undefined,
    recurrence: (f.recurrence || undefined) as Recurrence | undefined,
    state: (f.state || undefined) as DutyState | undefined,
    plan: f.plan || undefined,
    q: f.q || undefined,
  }
}

/** Where a duty stands in its plan: the headings above it where they are known, else their numbers. */
export function placeOf(d: { part?: string | null; path: string[]; number?: string | null }, headings = true) {
  const above = headings && d.part ? [d.part, ...d.path.slice(2)] : d.path
  return [...above, d.number].filter(Boolean).join(' › ')
}

/** One duty with the ways to change it; each change can be taken back. */
export function useDuty(campaign: string, id: MaybeRefOrGetter<string>) {
  const queries = useQueryClient()
  const key = computed(() => ['campaign', campaign, 'duty', toValue(id)])
  const params = () => ({ campaign, duty: toValue(id) })
  const query = useQuery({ queryKey: key, queryFn: () => must(api.GET('/api/v1/campaigns/{campaign}/duties/{duty}', { params: { path: params() } })) })

  const took = (fresh: Duty) => {
    queries.setQueryData(key.value, fresh)
    for (const part of ['duties', 'overview', 'units', 'unit', 'ledger', 'tasks', 'task-overview', 'initiatives']) void queries.invalidateQueries({ queryKey: ['campaign', campaign, part] })
  }
  async function patch(change: DutyChange) {
    const now = queries.getQueryData<Duty>(key.value)
    if (now) took(await must(api.PATCH('/api/v1/campaigns/{campaign}/duties/{duty}', { params: { path: params(), header: ifMatch(now) }, body: change })))
  }
  /** Changes one field, says so and offers to undo; on a conflict the newest is fetched. */
  async function save(field: string, change: DutyChange, back: DutyChange) {
    try {
      await patch(change)
      offerUndo(t('duty.saved', { field: fieldName(field) }), () => patch(back))
    } catch (error) {
      complain(error)
      void query.refetch()
    }
  }
  async function restore() {
    took(await must(api.DELETE('/api/v1/campaigns/{campaign}/duties/{duty}/withdrawal', { params: { path: params() } })))
  }
  async function withdraw(reason: string) {
    took(await must(api.POST('/api/v1/campaigns/{campaign}/duties/{duty}/withdrawal', { params: { path: params() }, body: { reason } })))
    offerUndo(t('duty.withdrawnDone'), restore)
  }
  async function restoreNow() {
    try {
      await restore()
      say(t('duty.restored'))
    } catch (error) {
      complain(error)
    }
  }
  return { query, save, withdraw, restoreNow }
}
