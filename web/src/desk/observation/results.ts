// Results beside the own score: differences are the server's own texts, only ordered and named here.
import type { ComparedResult, ReadResult } from '@/api/types'
import type { MessageKey } from '@/shared/i18n'

type Leaf = ComparedResult['leaves'][number]

/** What is not known yet makes a span of the own marks: how far what was found lies outside of it. */
const outside = ({ own, marks }: Leaf) => (own ? Math.max(Number(own.low) - Number(marks), Number(marks) - Number(own.high), 0) : -1)
const apart = (leaf: Leaf) => (leaf.difference ? Math.abs(Number(leaf.difference)) : -1)

/** The indicators first whose own marks can't become what was found any more, furthest first; then what differs most; what can't be compared last. */
export const byDifference = (leaves: readonly Leaf[]) => [...leaves].sort((a, b) => outside(b) - outside(a) || apart(b) - apart(a))

/** Whether something of the own marks is open. */
export const isOpen = ({ own }: Leaf) => !!own && Number(own.low) < Number(own.high)

export function differs(leaf: Leaf): { key: MessageKey; tone: 'amber' | 'blue' | 'green' | 'plain' } {
  const by = Number(leaf.difference)
  if (by === 0) return { key: 'result.even', tone: 'green' }
  if (isOpen(leaf) && outside(leaf) === 0) return { key: 'result.open', tone: 'plain' }
  return by > 0 ? { key: 'result.higher', tone: 'amber' } : { key: 'result.lower', tone: 'blue' }
}

/** What was typed for each indicator, as it is sent: what is blank is not recorded. */
export const marksOf = (typed: Readonly<Record<string, string>>) => Object.entries(typed).flatMap(([leaf, marks]) => (marks.trim() ? [{ leaf, marks: marks.trim() }] : []))

/** What a workbook says, put over what was typed. */
export const withSheet = (typed: Readonly<Record<string, string>>, read: Pick<ReadResult, 'leaves'>) => ({ ...typed, ...Object.fromEntries(read.leaves.map((l) => [l.leaf, l.marks])) })
