import type { PlanState } from '@/api/types'
import { t } from '@/shared/i18n'

export const stateTone: Record<PlanState, 'plain' | 'blue' | 'green' | 'amber' | 'red'> = { reading: 'blue', failed: 'red', draft: 'amber', adopted: 'green', discarded: 'plain' }

/** Where a remark of the reader belongs, by what whoever opens the file counts there: paragraphs, rows or lines. */
export function placeIn(name: string, at: { line: number; column: number }): string {
  const ending = name.split('.').at(-1)?.toLowerCase() ?? ''
  const n = String(at.line)
  if (ending === 'docx') return t('plan.atParagraph', { n })
  if (ending === 'xlsx') return t('plan.atRow', { n })
  if (ending === 'pdf' || ending === 'html' || ending === 'htm') return t('plan.atTextLine', { n })
  return t('plan.problemAt', { line: n, column: String(at.column) })
}
