// A leaf as files write it (docs/schema/standard.json), as far as the form edits it. What the form does not know it leaves alone.

export interface Step { from?: string; above?: string; up_to?: string; below?: string; grade?: string; counts: string }
export interface Grading {
  form: string
  partly?: string
  grades?: { name: string; counts: string }[]
  steps?: Step[]
  otherwise?: string
  with?: string
  above?: string
  equal?: string
  below?: string
  counted?: string
  along?: string
  off?: string
  at_most?: string
  missing?: string[]
  met_from?: string
  expression?: string
  linear?: { zero_at: string; full_at: string }
}
export interface MeasureContent {
  method: string
  grading: Grading
  criteria?: string[]
  requirements?: string[]
  questions?: string[]
  statistic?: string
  [other: string]: unknown
}
export interface LeafContent {
  code: string
  title: string
  text?: string
  marks: string
  measures: MeasureContent[]
  combine?: string
  [other: string]: unknown
}

export const methods = ['material', 'visit', 'survey', 'web', 'statistic', 'opinion', 'report', 'overall'] as const
export const forms = ['binary', 'three_step', 'letters', 'thresholds', 'comparison', 'count_to_grade', 'deduction', 'ratio', 'k_of_n', 'formula'] as const
export type Form = (typeof forms)[number]

/** What a form of grading begins with; steps that are there already are kept, since they are the longest to type. */
export function fresh(form: Form, before: Grading): Grading {
  const steps = before.steps?.length ? before.steps : [{ from: '90', counts: '1' }]
  switch (form) {
    case 'three_step': return { form, partly: before.partly ?? '0.5' }
    case 'letters': return { form, grades: before.grades ?? [{ name: 'A', counts: '1' }, { name: 'B', counts: '0.66' }, { name: 'C', counts: '0.33' }, { name: 'D', counts: '0' }] }
    case 'thresholds': return { form, steps, otherwise: before.otherwise ?? '0' }
    case 'comparison': return { form, with: before.with ?? '', above: '1', equal: '0.66', below: '0.33' }
    case 'count_to_grade': return { form, counted: before.counted ?? 'met', steps, otherwise: before.otherwise ?? '0' }
    case 'deduction': return { form, off: before.off ?? '0.5' }
    case 'k_of_n': return { form, missing: before.missing ?? ['1', '0.66', '0.33'], met_from: before.met_from ?? '1' }
    case 'formula': return { form, expression: before.expression ?? '', steps, otherwise: before.otherwise ?? '0' }
    default: return { form }
  }
}

/** The same without what was left empty: an empty field is no field. */
export function tidied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(tidied) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== '' && v !== undefined).map(([k, v]) => [k, tidied(v)])) as T
}
