// Indicators of which something is unknown become duties: each is sent for as long as no answer came, and made once.
import { newKey } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { LeafOwners, NewDuty, PlaceScore } from '@/api/types'
import { t } from '@/shared/i18n'
import { keep, kept } from '@/shared/keep'

/** A duty as it went out: what is sent again goes under the same key, letter for letter. */
export interface Sent {
  key: string
  duty: NewDuty
}
export type Standing =
  /** Not sent, or refused: nothing was made, and it may be changed. */
  | { is: 'open'; refused: Problem | null }
  /** On its way. With a problem: no answer came, and it may have been made. */
  | { is: 'sent'; sent: Sent; lost: Problem | null }
  | { is: 'made'; id: string; title: string }

export interface Row {
  code: string
  leaf: string
  title: string
  /** The id of the unit that has to do it. */
  unit: string
  text: string
  standing: Standing
}

/** How many are assigned in one go at most. */
export const MOST = 30
const LONGEST_NAME = 200

/** What a duty is called that has an indicator's grounds found. */
export function titleFor(leaf: string): string {
  const name = [...leaf.trim()]
  return t('score.assignTitleOf', { leaf: name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME).join('')}…` : name.join('') })
}

/** Who is asked first for an indicator: who leads, else who is responsible. */
export function firstOwner(owners: LeafOwners['owners']): string {
  return (owners.find((o) => o.role === 'lead') ?? owners.find((o) => o.role === 'responsible'))?.unit.id ?? ''
}

/** What was sent and never answered, kept in this browser until it is: leaf by leaf. */
export type Unanswered = Record<string, Sent>
export interface Memory {
  read: () => Unanswered
  write: (code: string, sent: Sent | null) => void
}
export function memory(of: string): Memory {
  const name = `assign.${of}`
  const read = (): Unanswered => {
    try {
      return JSON.parse(kept(name) ?? '{}') as Unanswered
    } catch {
      return {}
    }
  }
  return {
    read,
    write(code, sent) {
      const all = read()
      if (sent) all[code] = sent
      else delete all[code]
      keep(name, Object.keys(all).length ? JSON.stringify(all) : null)
    },
  }
}

/** The rows of a dialog, one a leaf; what was sent before without an answer stands as it went out. */
export function rowsOf(leaves: readonly PlaceScore[], owners: readonly LeafOwners[], text: (leaf: PlaceScore) => string, before: Unanswered): Row[] {
  return leaves.map((leaf) => {
    const sent = before[leaf.code]
    const row = { code: leaf.code, leaf: leaf.title, text: text(leaf) }
    if (sent) return { ...row, title: sent.duty.title, unit: sent.duty.units?.[0]?.id ?? '', standing: { is: 'sent', sent, lost: asProblem(null) } }
    return { ...row, title: titleFor(leaf.title), unit: firstOwner(owners.find((o) => o.leaf === leaf.code)?.owners ?? []), standing: { is: 'open', refused: null } }
  })
}

const dutyOf = (row: Row, due: string | null): NewDuty => ({ title: row.title.trim(), text: row.text, units: [{ id: row.unit, role: 'responsible' }], due })

/** Whether the server said what became of it. Where it failed itself, the duty may have been made before it did. */
const answered = (problem: Problem) => problem.status >= 400 && problem.status < 500 && problem.status !== 429
/** Whoever may not, or is signed out, need not ask for the next one. */
const ends = (problem: Problem) => problem.status === 401 || problem.status === 403

/**
 * Sends what is not made yet, one after the other. What was refused may be changed and is another request; what had no answer is
 * sent as it was, so that it is made once. Stops where no answer comes, or when `goesOn` says so.
 */
export async function assign(rows: readonly Row[], due: string | null, add: (sent: Sent) => Promise<{ id: string }>, remember: Memory['write'], goesOn: () => boolean = () => true): Promise<void> {
  for (const row of rows) {
    if (row.standing.is === 'made') continue
    if (!goesOn()) return
    const sent = row.standing.is === 'sent' ? row.standing.sent : { key: newKey(), duty: dutyOf(row, due) }
    row.standing = { is: 'sent', sent, lost: null }
    remember(row.code, sent)
    try {
      const { id } = await add(sent)
      row.standing = { is: 'made', id, title: sent.duty.title }
      remember(row.code, null)
    } catch (error) {
      const problem = asProblem(error)
      if (!answered(problem)) {
        row.standing = { is: 'sent', sent, lost: problem }
        return
      }
      row.standing = { is: 'open', refused: problem }
      remember(row.code, null)
      if (ends(problem)) return
    }
  }
}

/** Where the list of duties shows these: one is opened; several are found by the words that all their titles have. */
export function queryFor(made: readonly { id: string; title: string }[]): Record<string, string> {
  const word = t('score.assignWord')
  if (made.length === 1 && made[0]) return { open: made[0].id }
  return made.every((m) => m.title.includes(word)) ? { q: word } : {}
}
