import type { Comparator, Target } from '@/api/types'
import { isZh } from './i18n'

export const comparators: Comparator[] = ['>=', '<=', '>', '<', '=']
const signs: Record<Comparator, string> = { '>=': '≥', '<=': '≤', '>': '>', '<': '<', '=': '=' }
const thousands = new Intl.NumberFormat('en')

/** A line of which something is written, but not what it measures: it can't be kept, and must not be lost. */
export const isUnnamed = (x: Target) => !x.subject.trim() && (x.unit.trim() !== '' || Number(x.value) !== 0)
/** Without the lines in which nothing is written. */
export const written = (all: Target[]) => all.filter((x) => x.subject.trim() || isUnnamed(x))

/** 停车泊位 ≥ 600 个 */
export function targetText(x: Target): string {
  const value = thousands.format(Number(x.value))
  const gap = x.unit === '%' || x.unit === '' ? '' : isZh.value ? ' ' : ' '
  return `${x.subject} ${signs[x.comparator]} ${value}${gap}${x.unit}`.trim()
}
