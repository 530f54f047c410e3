import { describe, expect, it } from 'vitest'
import { forms, fresh, tidied } from './leaf'

describe('a form of grading that is chosen', () => {
  it.each(forms)('%s begins with what it needs and nothing of another', (form) => {
    const grading = fresh(form, { form: 'thresholds', steps: [{ from: '80', counts: '1' }], otherwise: '0.2' })
    expect(grading.form).toBe(form)
    if (form === 'ratio' || form === 'binary') expect(Object.keys(grading)).toEqual(['form'])
    if (form === 'formula' || form === 'count_to_grade') expect(grading.steps).toEqual([{ from: '80', counts: '1' }])
  })
})

it('what was left empty is not sent, and nothing else is lost', () => {
  expect(tidied({ code: '1', text: '', measures: [{ method: 'visit', window: { months: 3 }, grading: { form: 'thresholds', steps: [{ from: '', above: '3', counts: '1' }] } }], weight: undefined, marks: '0' })).toEqual({ code: '1', measures: [{ method: 'visit', window: { months: 3 }, grading: { form: 'thresholds', steps: [{ above: '3', counts: '1' }] } }], marks: '0' })
})
