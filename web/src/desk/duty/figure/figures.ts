import { useQueryClient } from '@tanstack/vue-query'
import { api, must } from '@/api/client'
import type { NewFigure, Reached, TargetStanding } from '@/api/types'

/** A line of the form: it is sent where it has a value. */
export interface FigureDraft {
  target_id: string
  value: string
  on: string
  source: string
}

/** What the server takes for a number: at most 18 digits before the point and 9 after it. */
export const isDecimal = (text: string) => /^-?\d{1,18}(\.\d{1,9})?$/.test(text)

/** Full-width digits and thousands' commas are how people write; the server wants neither. */
export function plainNumber(text: string): string {
  return text.normalize('NFKC').replace(/[,\s]/g, '')
}

/** The lines that were filled in, as the API takes them. */
export function filled(drafts: FigureDraft[]): NewFigure[] {
  return drafts.filter((d) => d.value.trim()).map((d) => ({ target_id: d.target_id, value: plainNumber(d.value), on: d.on, source: d.source.trim() }))
}

/** Whether all that was filled in can be sent. */
export const allFit = (drafts: FigureDraft[]) => filled(drafts).every((d) => isDecimal(d.value) && !!d.on && !!d.source)

export const reachedLook: Record<Reached, { tone: 'green' | 'red' | 'outline'; icon: 'check' | 'warning' | 'right' }> = {
  yes: { tone: 'green', icon: 'check' },
  no: { tone: 'red', icon: 'warning' },
  unknown: { tone: 'outline', icon: 'right' },
}

/** The days on which anything was measured, and what each unit's figure was on them. */
export function table(target: TargetStanding): { units: TargetStanding['units']; rows: (string | number)[][] } {
  const units = target.units.filter((u) => u.points.length)
  const days = [...new Set(units.flatMap((u) => u.points.map((p) => p.on)))].sort()
  const at = units.map((u) => new Map(u.points.map((p) => [p.on, p.value])))
  return { units, rows: days.map((day) => [day, ...at.map((values) => values.get(day) ?? '')]) }
}

/** Files figures with a task. */
export function useFigures(campaign: string) {
  const queries = useQueryClient()
  async function file(task: string, figures: NewFigure[], key: string) {
    const fresh = await must(api.POST('/api/v1/campaigns/{campaign}/tasks/{task}/figures', { params: { path: { campaign, task } }, body: { figures }, headers: { 'Idempotency-Key': key } }))
    queries.setQueryData(['campaign', campaign, 'task', task], fresh)
    void queries.invalidateQueries({ queryKey: ['campaign', campaign, 'figures'] })
    return fresh
  }
  return { file }
}
