import { expect, test } from 'vitest'
import type { TaskRow } from '@/api/types'
import { canBeUrged, urgeText } from './urge'

const task = (unit: string, title: string, due_on: string | null, days: number) =>
  ({ unit: { id: unit, name: unit }, duty: { id: title, number: null, title }, due_on, standing: { word: 'late', days } }) as unknown as TaskRow

test('a text for a group chat names each unit once with all that it owes', () => {
  const text = urgeText('清水县', [task('县教育局', '清理卫生死角', '2026-06-05', 3), task('东河镇', '整治市场', null, 1), task('县教育局', '开展宣传', '2026-06-01', 7)])
  expect(text.split('\n')).toEqual([
    '【催办】清水县',
    '县教育局（2 项）：',
    '1. 清理卫生死角（时限6月5日 周五，逾期 3 天）',
    '2. 开展宣传（时限6月1日 周一，逾期 7 天）',
    '东河镇（1 项）：',
    '1. 整治市场（逾期 1 天）',
    '请尽快办理，并在系统中填报。',
  ])
})

test('what waits for the office, or has ended, is not urged', () => {
  const states: TaskRow['state'][] = ['assigned', 'accepted', 'in_progress', 'returned', 'reported', 'confirmed', 'sent_back', 'missed', 'withdrawn']
  expect(states.filter((state) => canBeUrged({ state }))).toEqual(['assigned', 'accepted', 'in_progress', 'sent_back'])
})
