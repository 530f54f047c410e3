import type { TaskRow, Urged } from '@/api/types'
import { planDate } from '@/shared/dates'
import { t } from '@/shared/i18n'
import { say } from '@/shared/undo'
import { standingText } from '@/shared/standing'

/** The states in which a task waits for its unit: there is something to urge. */
const waits = new Set<TaskRow['state']>(['assigned', 'accepted', 'in_progress', 'sent_back'])
export const canBeUrged = (task: Pick<TaskRow, 'state'>) => waits.has(task.state)

/** What an office sends to a group chat: unit by unit, what is owed and since when. */
export function urgeText(campaign: string, tasks: Pick<TaskRow, 'unit' | 'duty' | 'due_on' | 'standing'>[]): string {
  const units = new Map<string, typeof tasks>()
  for (const task of tasks) units.set(task.unit.name, [...(units.get(task.unit.name) ?? []), task])
  const lines = [t('notice.urgeHead', { campaign })]
  for (const [unit, owed] of units) {
    lines.push(t('notice.urgeUnit', { unit, n: owed.length }))
    owed.forEach((task, i) => {
      const said = { i: i + 1, title: task.duty.title, standing: standingText(task.standing) }
      lines.push(task.due_on ? t('notice.urgeLine', { ...said, date: planDate(task.due_on) }) : t('notice.urgeLineNoDate', said))
    })
  }
  lines.push(t('notice.urgeTail'))
  return lines.join('\n')
}

/** What came of urging, in a sentence or two. */
export function urgedText({ told, already, nobody, not_due }: Urged): string {
  const parts = [told && t('notice.urgedDone', { n: told }), already && t('notice.urgedAlready', { n: already }), not_due && t('notice.urgedNotDue', { n: not_due }), nobody && t('notice.urgedNobody', { n: nobody })]
  return parts.filter(Boolean).join(' ') || t('notice.urgedNothing')
}

/** Puts a text on the clipboard, also where a page comes without TLS. */
export async function copyText(text: string) {
  const written = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : false
  if (!written) {
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'sr'
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
  say(t('act.copied'))
}
