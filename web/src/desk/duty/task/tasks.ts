import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { Deed, DeedBody, Task, TaskRow } from '@/api/types'
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
