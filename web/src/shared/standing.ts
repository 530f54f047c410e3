import type { Standing, TaskRow } from '@/api/types'
import { t } from './i18n'

/** How a task stands, in words. */
export function standingText(s: Standing): string {
  const n = s.days ?? 0
  return s.word === 'due_soon' && n === 0 ? t('standing.due_today') : t(`standing.${s.word}`, { n })
}
/** What the office is waited for: its list says that in place of “office’s turn” on every line. */
export function standingOf(task: Pick<TaskRow, 'standing' | 'state' | 'extension'>, decides: boolean): string {
  if (!decides || task.standing.word !== 'waiting_for_office') return standingText(task.standing)
  return task.state === 'reported' || task.state === 'returned' ? t(`taskState.${task.state}`) : t('task.wantsTime')
}
/** Tone and sign of a standing: told by shape too, not by colour alone. */
export const standingLook = {
  missed: { tone: 'red', icon: 'flag' },
  late: { tone: 'red', icon: 'warning' },
  due_soon: { tone: 'amber', icon: 'calendar' },
  waiting_for_office: { tone: 'blue', icon: 'history' },
  waiting_for_superior: { tone: 'blue', icon: 'history' },
  open: { tone: 'outline', icon: 'right' },
  done: { tone: 'green', icon: 'check' },
  withdrawn: { tone: 'plain', icon: 'undo' },
} as const

/** What belongs to the words that a task carries: why it is where it is. */
export function wordsTitle(task: Pick<TaskRow, 'state'>): string {
  if (task.state === 'sent_back') return t('task.wordsBack')
  if (task.state === 'returned') return t('task.wordsReturned')
  if (task.state === 'assigned') return t('task.wordsUpheld')
  if (task.state === 'withdrawn') return t('task.wordsWithdrawn')
  return t('task.wordsReport')
}
