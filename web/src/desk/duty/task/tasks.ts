import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { Deed, DeedBody, Standing, Task, TaskRow } from '@/api/types'
import { act, onTaken } from '@/offline/outbox'
import { t } from '@/shared/i18n'
import { complain, say } from '@/shared/undo'

/** What a deed asks for beside itself. */
export interface DeedForm {
  /** Its words, under the name that the API gives them. */
  words?: 'reason' | 'note' | 'text'
  required?: boolean
  percent?: boolean
  /** A day: the one that is asked for, or one in its place. */
  until?: 'required' | 'optional'
  /** Another unit: whose it should be, who gets it, who is asked. */
  unit?: 'proposed' | 'to' | 'of'
  /** Photographs and documents as proof. */
  files?: boolean
  /** Figures against the duty's targets. */
  figures?: boolean
}
export const forms: Record<Exclude<DeedBody['deed'], 'accept'>, DeedForm> = {
  return_as_not_ours: { words: 'reason', required: true, unit: 'proposed' },
  uphold: { words: 'reason', required: true },
  reassign: { words: 'reason', required: true, unit: 'to' },
  progress: { words: 'note', percent: true, files: true, figures: true },
  report: { words: 'note', files: true, figures: true },
  take_back_report: { words: 'reason' },
  confirm: { words: 'note' },
  send_back: { words: 'reason', required: true },
  reopen: { words: 'reason', required: true },
  ask_extension: { words: 'reason', required: true, until: 'required' },
  grant_extension: { words: 'note', until: 'optional' },
  refuse_extension: { words: 'reason', required: true },
  ask_help: { words: 'text', required: true, unit: 'of' },
  answer_help: { words: 'text', required: true },
}

/** The acts that a page offers, in the order of what is likely next; the first one is the primary one. */
const order: Deed[] = ['answer_help', 'grant_extension', 'refuse_extension', 'confirm', 'send_back', 'reassign', 'uphold', 'accept', 'report', 'progress', 'ask_extension', 'ask_help', 'return_as_not_ours', 'take_back_report', 'reopen']
/** Beside the first one, these stand as buttons; the others in the menu. */
const seconds: Deed[] = ['send_back', 'refuse_extension', 'uphold', 'progress', 'report', 'take_back_report']
export function offered(task: Pick<TaskRow, 'possible'>) {
  const all = order.filter((d) => task.possible.includes(d))
  const first = all[0]
  // A new task is either ours or not; a report follows later.
  const beside = first === 'accept' ? all.filter((d) => d === 'return_as_not_ours') : all.filter((d) => d !== first && seconds.includes(d)).slice(0, 2)
  return { first, beside, rest: all.filter((d) => d !== first && !beside.includes(d)) }
}

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

const parts = ['tasks', 'figures', 'duties', 'duty', 'ledger', 'task-overview']

/** Acts on tasks, and keeps every page that shows one in step. */
export function useTaskActs(campaign: string) {
  const queries = useQueryClient()
  const took = (fresh: Task) => {
    queries.setQueryData(['campaign', campaign, 'task', fresh.id], fresh)
    for (const part of parts) void queries.invalidateQueries({ queryKey: ['campaign', campaign, part] })
  }
  onBeforeUnmount(onTaken(took))
  /** True: it was done, or is kept until it can be. */
  async function perform(task: TaskRow, deed: DeedBody, along: readonly string[] = []): Promise<boolean> {
    try {
      const fresh = await act(campaign, task, deed, along)
      say(fresh ? t('task.sent', { deed: t(`deed.${deed.deed}`) }) : t(along.length ? 'task.keptFiles' : 'task.keptDone'))
      return true
    } catch (error) {
      complain(error)
      for (const part of ['task', 'tasks']) void queries.invalidateQueries({ queryKey: ['campaign', campaign, part] })
      return false
    }
  }
  return { perform }
}

/** One task with its history. */
export function useTask(campaign: string, id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['campaign', campaign, 'task', toValue(id)]),
    queryFn: () => must(api.GET('/api/v1/campaigns/{campaign}/tasks/{task}', { params: { path: { campaign, task: toValue(id) } } })),
  })
}
