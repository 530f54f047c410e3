import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ifMatch, must } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Duty, DutyChange, DutyRow } from '@/api/types'
import type { Conflict } from '@/shared/InlineCell.vue'
import { planDate } from '@/shared/dates'
import { t } from '@/shared/i18n'
import { complain, say } from '@/shared/undo'
import { allUnits } from '@/shared/units'

type Row = Pick<DutyRow, 'id' | 'version' | 'units'>

/** The three things of a duty that a list changes in place: its deadline, its phase, who leads it. */
export function useInline(campaign: string, enabled: boolean) {
  const queries = useQueryClient()
  const path = { campaign }
  const phases = useQuery({ queryKey: ['campaign', campaign, 'phases'], enabled, queryFn: () => must(api.GET('/api/v1/campaigns/{campaign}/phases', { params: { path } })) })
  const units = useQuery({ queryKey: ['campaign', campaign, 'units', 'all'], enabled, staleTime: 60_000, queryFn: () => allUnits(campaign) })
  const phaseOptions = computed(() => [{ value: '', name: t('overview.noPhase') }, ...(phases.data.value?.items ?? []).map((p) => ({ value: p.id, name: p.title }))])
  const unitOptions = computed(() => [{ value: '', name: t('inline.noLead') }, ...(units.data.value ?? []).filter((u) => !u.closed_at).map((u) => ({ value: u.id, name: u.name }))])
  const nameIn = (options: { value: string; name: string }[], value: string) => options.find((o) => o.value === value)?.name ?? ''
  const again = () => {
    for (const part of ['duties', 'duty', 'overview', 'units', 'unit', 'ledger', 'tasks', 'task-overview']) void queries.invalidateQueries({ queryKey: ['campaign', campaign, part] })
  }
  const lead = (of: Pick<DutyRow, 'units'>) => of.units.find((u) => u.role === 'lead')

  /** Saves upon what was seen; where that is not what is there any more, says what is. */
  async function attempt(row: Row, send: (seen: Row) => Promise<unknown>, theirs: (fresh: Duty) => string, mine: string): Promise<Conflict | null> {
    try {
      await send(row)
      say(t('inline.saved'))
      again()
      return null
    } catch (error) {
      const problem = asProblem(error)
      const fresh = problem.stale || problem.status === 422 ? await must(api.GET('/api/v1/campaigns/{campaign}/duties/{duty}', { params: { path: { campaign, duty: row.id } } })).catch(() => null) : null
      if (fresh && fresh.version !== row.version) return { theirs: theirs(fresh), mine, insist: () => attempt(fresh, send, theirs, mine) }
      complain(error)
      throw error
    }
  }
  const patch = (change: DutyChange) => (seen: Row) => must(api.PATCH('/api/v1/campaigns/{campaign}/duties/{duty}', { params: { path: { campaign, duty: seen.id }, header: ifMatch(seen) }, body: change }))
  const saveDue = (row: Row) => (due: string) => attempt(row, patch({ due: due || null }), (d) => planDate(d.due ?? null), planDate(due || null))
  const savePhase = (row: Row) => (phase: string) => attempt(row, patch({ phase_id: phase || null }), (d) => d.phase?.name ?? t('overview.noPhase'), nameIn(phaseOptions.value, phase))
  const saveLead = (row: Row) => (unit: string) => attempt(row, (seen) => {
    const old = lead(seen)
    return must(api.PATCH('/api/v1/campaigns/{campaign}/duties', { params: { path }, body: { duties: [{ id: seen.id, version: seen.version }], add_units: unit ? [{ id: unit, role: 'lead' }] : [], remove_units: old && old.id !== unit ? [old.id] : [] } }))
  }, (d) => lead(d)?.name ?? t('inline.noLead'), nameIn(unitOptions.value, unit))
  return { phaseOptions, unitOptions, lead, saveDue, savePhase, saveLead }
}
