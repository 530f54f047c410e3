import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import { api, ifMatch, must } from '@/api/client'
import type { DutyColumn, DutyGrouping, DutyView, ViewShape } from '@/api/types'
import { t } from '@/shared/i18n'
import { complain, offerUndo, say } from '@/shared/undo'
import { dutyQuery, filterNames, type DutyFilters } from './duties'

export const columns: DutyColumn[] = ['place', 'units', 'due', 'targets', 'phase']
export const groupings: DutyGrouping[] = ['unit', 'part', 'phase', 'initiative', 'month']
/** The view of the address in which nothing is filtered: without it the list begins with the person's own first view. */
export const ALL = 'all'

/** What the address says, as a view keeps it. */
export function shapeOf(query: Record<string, unknown>): ViewShape {
  const read = (name: string) => (typeof query[name] === 'string' ? (query[name] as string) : '')
  const filters = Object.fromEntries(filterNames.map((n) => [n, read(n)])) as DutyFilters
  const { unit, phase, initiative, part, due_from, due_to, undated, target, recurrence, state, plan, q } = dutyQuery(filters)
  const shown = read('columns')
  return {
    filter: { unit: unit ?? null, phase: phase ?? null, initiative: initiative ?? null, part: part ?? null, due_from: due_from ?? null, due_to: due_to ?? null, undated: undated ?? false, target: target ?? null, recurrence: recurrence ?? null, state: state ?? null, plan: plan ?? null, q: q ?? null },
    order: read('order') === 'last_due' ? 'last_due' : 'first_due',
    group: groupings.find((g) => g === read('group')) ?? null,
    columns: shown === '' ? [...columns] : columns.filter((c) => shown.split(',').includes(c)),
  }
}

/** The address that shows a view. */
export function queryOf(shape: ViewShape, view: string): LocationQueryRaw {
  const { filter, order, group } = shape
  const query: LocationQueryRaw = { view }
  for (const [name, value] of Object.entries(filter)) if (value !== null && value !== undefined && value !== false) query[name] = String(value)
  if (filter.target === false) query['target'] = 'false'
  if (order === 'last_due') query['order'] = order
  if (group) query['group'] = group
  if (shape.columns.length < columns.length) query['columns'] = shape.columns.join(',') || 'none'
  return query
}

export const sameShape = (a: ViewShape, b: ViewShape) => JSON.stringify(queryOf(shapeOf(queryOf(a, '')), '')) === JSON.stringify(queryOf(shapeOf(queryOf(b, '')), ''))

/** The saved views of the list, the one that is open, and what can be done to it. */
export function useViews(campaign: string) {
  const route = useRoute()
  const router = useRouter()
  const queries = useQueryClient()
  const key = ['campaign', campaign, 'views']
  const path = { campaign }
  const query = useQuery({ queryKey: key, queryFn: () => must(api.GET('/api/v1/campaigns/{campaign}/views', { params: { path } })) })
  const views = computed(() => query.data.value?.items ?? [])
  const shape = computed(() => shapeOf(route.query))
  const current: ComputedRef<DutyView | undefined> = computed(() => views.value.find((v) => v.id === route.query['view']))
  const changed = computed(() => !!current.value && !sameShape(current.value, shape.value))

  const again = () => queries.invalidateQueries({ queryKey: key })
  const show = (view: DutyView | null) => router.replace({ query: view ? queryOf(view, view.id) : { view: ALL } })
  async function add(name: string, shared: boolean, idempotency: string) {
    const made = await must(api.POST('/api/v1/campaigns/{campaign}/views', { params: { path }, body: { name, shared, shape: shape.value }, headers: { 'Idempotency-Key': idempotency } }))
    await again()
    await show(made)
    say(t('view.saved', { name: made.name }))
  }
  async function edit(view: DutyView, change: { name?: string; shape?: ViewShape }) {
    const fresh = await must(api.PATCH('/api/v1/campaigns/{campaign}/views/{view}', { params: { path: { campaign, view: view.id }, header: ifMatch(view) }, body: change }))
    await again()
    return fresh
  }
  /** Whoever was slower is told and sees what the other one made of it. */
  async function attempt(act: () => Promise<unknown>) {
    try {
      await act()
    } catch (error) {
      complain(error)
      void again()
    }
  }
  const pick = ({ filter, order, group, columns }: DutyView): ViewShape => ({ filter, order, group: group ?? null, columns })
  const update = (view: DutyView) => attempt(async () => {
    const before = pick(view)
    const fresh = await edit(view, { shape: shape.value })
    offerUndo(t('view.updated', { name: view.name }), () => edit(fresh, { shape: before }))
  })
  const remove = (view: DutyView) => attempt(async () => {
    await must(api.DELETE('/api/v1/campaigns/{campaign}/views/{view}', { params: { path: { campaign, view: view.id }, header: ifMatch(view) } }))
    await again()
    await show(null)
    offerUndo(t('view.removed', { name: view.name }), async () => {
      await must(api.POST('/api/v1/campaigns/{campaign}/views', { params: { path }, body: { name: view.name, shared: view.shared, shape: pick(view) } }))
      await again()
    })
  })
  const begin = (view: DutyView, first: boolean) => attempt(async () => {
    await must(api.PUT('/api/v1/campaigns/{campaign}/first-view', { params: { path }, body: { view_id: first ? view.id : null } }))
    await again()
    say(t(first ? 'view.firstSet' : 'view.firstGone', { name: view.name }))
  })
  return { query, views, shape, current, changed, show, add, edit, update, remove, begin }
}
