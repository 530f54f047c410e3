import type { Comparator, Target } from '@/api/types'
import { isZh } from './i18n'

export const comparators: Comparator[] = ['>=', '<=', '>', '<', '=']
const signs: Record<Comparator, string> = { '>=': '≥', '<=': '≤', '>': '>', '<': '<', '=': '=' }
const thousands = new Intl.NumberFormat('en')

/** 停车泊位 ≥ 600 个 */
export function targetText(x: Target): string {
  const value = thousands.format(Number(x.value))
  const gap = x.unit === '%' || x.unit === '' ? '' : isZh.value ? ' ' : ' '
  return `${x.subject} ${signs[x.comparator]} ${value}${gap}${x.unit}`.trim()
}
