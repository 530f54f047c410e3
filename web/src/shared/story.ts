import zh from '@/locales/zh-CN'
import type { LedgerEntry } from '@/api/types'
import { planDate } from './dates'
import { t, type MessageKey } from './i18n'
import { targetText } from './targets'
import type { ContactPost, InitiativeKind, Recurrence, StandardLevel, Target, UnitKind, UnitRole } from '@/api/types'
import { listed, pair, stated } from './words'

type Known = keyof typeof zh.ledgerAction
type KnownField = keyof typeof zh.fieldName

/** Whether an act's own word names the thing: an adopted plan writes entries of duties too, which are not the plan. */
const isAbout = (action: string, kind: string) => {
  const word = action.split('.')[0]
  return word === 'plan' ? kind === 'plan_import' : word === 'user' ? kind === 'user' || kind === 'grant' : word === 'letter' ? kind === 'unit' : word === kind
}

/** What an entry of the ledger says, as a sentence without its actor. */
export function sentence(e: Pick<LedgerEntry, 'action' | 'details' | 'subject_kind' | 'subject_title'>): string {
  const d = e.details as { name?: unknown; title?: unknown } | null
  // As it was called then; else as it is called today.
  const title = d?.title ?? d?.name ?? (isAbout(e.action, e.subject_kind) ? e.subject_title : null)
  const subject = typeof title === 'string' && title ? t('ledgerSubject', { title }) : ''
  const key = e.action.replaceAll('.', '_')
  return key in zh.ledgerAction ? t(`ledgerAction.${key as Known}`, { subject }) : t('ledgerOther', { action: e.action, subject })
}

/** Entries that one act wrote together, as one: the one that says what was done, and how many more. */
export interface Deed {
  key: string
  entry: LedgerEntry
  more: number
}
const partOf = (e: LedgerEntry) => {
  const w = (e.details as { with?: unknown } | null)?.with
  return typeof w === 'string' ? w : null
}
export function deeds(entries: readonly LedgerEntry[]): Deed[] {
  const out: Deed[] = []
  for (const entry of entries) {
    const key = partOf(entry) ?? entry.id
    const last = out.at(-1)
    if (last?.key !== key) out.push({ key, entry, more: 0 })
    else {
      last.more++
      if (partOf(entry) === null) last.entry = entry
    }
  }
  return out
}

export const fieldName = (field: string) => (field in zh.fieldName ? t(`fieldName.${field as KnownField}` as MessageKey) : field)

export interface Alteration {
  field: string
  /** A text, of which only a few words may differ. */
  text: boolean
  before: string
  after: string
}

/** What was altered, field by field, where the entry carries it. */
export function alterations(details: unknown): Alteration[] {
  if (typeof details !== 'object' || details === null) return []
  const d = details as Record<string, unknown>
  const before = (d['before'] ?? {}) as Record<string, unknown>
  const after = (d['after'] ?? {}) as Record<string, unknown>
  if (typeof before !== 'object' || typeof after !== 'object') return []
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((f) => f in zh.fieldName && JSON.stringify(before[f]) !== JSON.stringify(after[f]))
    .map((field) => ({ field: fieldName(field), text: field === 'title' || field === 'text', before: value(field, before[field]), after: value(field, after[field]) }))
}

/** The altered fields, other than those told already. */
export function changedFields(details: unknown, told: readonly string[] = []): string[] {
  const fields = typeof details === 'object' && details !== null ? (details as Record<string, unknown>)['fields'] : undefined
  return Array.isArray(fields) ? [...new Set(fields.filter((f): f is string => typeof f === 'string').map(fieldName))].filter((f) => !told.includes(f)) : []
}

export function reasonOf(details: unknown): string {
  const r = typeof details === 'object' && details !== null ? (details as Record<string, unknown>)['reason'] : undefined
  return typeof r === 'string' ? r : ''
}

function value(field: string, v: unknown): string {
  if (v === null || v === undefined || v === '' || (Array.isArray(v) && v.length === 0)) return t('ledger.nothing')
  if (field === 'due' || field === 'start') return planDate(String(v))
  if (field === 'starts_on' || field === 'ends_on') return planDate(String(v))
  if (typeof v === 'boolean') return t(v ? 'ledger.yes' : 'ledger.no')
  if (field === 'kind' && String(v) in zh.initiativeKind) return t(`initiativeKind.${v as InitiativeKind}`)
  if (field === 'kind' && String(v) in zh.unitKind) return t(`unitKind.${v as UnitKind}`)
  if (field === 'level' && String(v) in zh.standardLevel) return t(`standardLevel.${v as StandardLevel}`)
  if (field === 'recurrence') return t(`recurrence.${v as Recurrence}`)
  if (field === 'targets' && Array.isArray(v)) return stated((v as Target[]).map(targetText))
  if (field === 'units' && Array.isArray(v)) return listed((v as { name?: string; role: UnitRole }[]).map((u) => pair(t(`unitRole.${u.role}`), u.name ?? '')))
  if (field === 'contacts' && Array.isArray(v)) return listed((v as { post: ContactPost; name: string }[]).map((c) => pair(t(`post.${c.post}`), c.name)))
  if (Array.isArray(v)) return listed(v.map((x) => (typeof x === 'string' ? x : JSON.stringify(x))))
  return String(v)
}
