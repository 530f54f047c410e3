import type { Deed, TaskRow, TaskState } from '@/api/types'

/** The columns of the board, in the order in which a task goes through them. */
export const stages: TaskState[] = ['assigned', 'accepted', 'in_progress', 'sent_back', 'returned', 'reported', 'confirmed', 'missed']

/** The act that brings a task from one state to another, whoever may do it. */
const ways: Partial<Record<TaskState, Partial<Record<TaskState, Deed>>>> = {
  assigned: { accepted: 'accept', in_progress: 'progress', reported: 'report', returned: 'return_as_not_ours' },
  accepted: { in_progress: 'progress', reported: 'report', returned: 'return_as_not_ours' },
  in_progress: { reported: 'report', returned: 'return_as_not_ours' },
  sent_back: { in_progress: 'progress', reported: 'report' },
  returned: { assigned: 'uphold' },
  reported: { confirmed: 'confirm', sent_back: 'send_back', in_progress: 'take_back_report' },
  confirmed: { sent_back: 'reopen' },
}

/** What moving a task to that column means now; null where there is no such act, or not for this person. */
export function moveTo(task: Pick<TaskRow, 'state' | 'possible'>, to: TaskState): Deed | null {
  const deed = ways[task.state]?.[to]
  return deed && task.possible.includes(deed) ? deed : null
}

/** All columns that a task can be moved to now, with the act of each. */
export const moves = (task: Pick<TaskRow, 'state' | 'possible'>) => stages.flatMap((to) => {
  const deed = moveTo(task, to)
  return deed ? [{ to, deed }] : []
})
