// Results beside the own score: differences are the server's own texts, only ordered and named here.
import type { ComparedResult, ReadResult } from '@/api/types'
import type { MessageKey } from '@/shared/i18n'

type Leaf = ComparedResult['leaves'][number]

/** The indicators whose own marks differ most from what was found, either way, first; what can't be compared last. */
export const byDifference = (leaves: readonly Leaf[]) => [...leaves].sort((a, b) => apart(b) - apart(a))
const apart = (leaf: Leaf) => (leaf.difference ? Math.abs(Number(leaf.difference)) : -1)

export function differs(difference: string): { key: MessageKey; tone: 'amber' | 'blue' | 'green' } {
  const by = Number(difference)
  if (by > 0) return { key: 'result.higher', tone: 'amber' }
  return by < 0 ? { key: 'result.lower', tone: 'blue' } : { key: 'result.even', tone: 'green' }
}

/** What was typed for each indicator, as it is sent: what is blank is not recorded. */
export const marksOf = (typed: Readonly<Record<string, string>>) => Object.entries(typed).flatMap(([leaf, marks]) => (marks.trim() ? [{ leaf, marks: marks.trim() }] : []))

/** What a workbook says, put over what was typed. */
export const withSheet = (typed: Readonly<Record<string, string>>, read: Pick<ReadResult, 'leaves'>) => ({ ...typed, ...Object.fromEntries(read.leaves.map((l) => [l.leaf, l.marks])) })
