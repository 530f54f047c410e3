import { reactive } from 'vue'
import { api, must } from '@/api/client'
import type { Paths } from '@/api/types'
import { keep, kept } from './keep'

/** A table or documents that a job makes for this person: ordered on one page, fetched from any. */
export interface Order {
  job: string
  /** Ordered by this very page, and not long ago: the file goes to the browser by itself. */
  fresh: boolean
}
export type Form = 'docx' | 'pdf'
type NewTable = Paths['/api/v1/campaigns/{campaign}/task-tables']['post']['requestBody']['content']['application/json']

const remembered = (): Order[] => {
  const jobs: unknown = JSON.parse(kept('orders') ?? '[]')
  return Array.isArray(jobs) ? jobs.filter((j): j is string => typeof j === 'string').map((job) => ({ job, fresh: false })) : []
}
export const orders = reactive<Order[]>(remembered())
const remember = () => keep('orders', orders.length ? JSON.stringify(orders.map((o) => o.job)) : null)

/** After this a file that comes by itself would surprise; a link waits instead. */
const FRESH_FOR = 20_000

export async function order(campaign: string, table: NewTable) {
  const { job } = await must(api.POST('/api/v1/campaigns/{campaign}/task-tables', { params: { path: { campaign } }, body: table }))
  follow(job)
}

/** The letter of a unit; without one those of all units, packed. */
export async function orderLetters(campaign: string, form: Form, unit: string | null) {
  const { job } = await must(api.POST('/api/v1/campaigns/{campaign}/letters', { params: { path: { campaign } }, body: { form, unit_id: unit } }))
  follow(job)
}

/** What was accepted, packed: of all standards, of one, or of a part of one. */
export async function orderDossier(campaign: string, standard: string | null, place: string | null) {
  const { job } = await must(api.POST('/api/v1/campaigns/{campaign}/dossiers', { params: { path: { campaign } }, body: { standard_id: standard, place } }))
  follow(job)
}

export async function orderBulletin(campaign: string, bulletin: string, form: Form) {
  const { job } = await must(api.POST('/api/v1/campaigns/{campaign}/bulletins/{bulletin}/documents', { params: { path: { campaign, bulletin } }, body: { form } }))
  follow(job)
}

function follow(job: string) {
  orders.push({ job, fresh: true })
  const own = orders.at(-1)!
  setTimeout(() => (own.fresh = false), FRESH_FOR)
  remember()
}

export function forget(job: string) {
  const at = orders.findIndex((o) => o.job === job)
  if (at >= 0) orders.splice(at, 1)
  remember()
}

export const fileOf = (job: string) => `/api/v1/jobs/${job}/file`
