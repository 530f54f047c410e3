import type { WebhookKind } from '@/api/types'
import { t, type MessageKey } from '@/shared/i18n'

/** What can be chosen, in the order of what is likely wanted. */
export const groups: { label: MessageKey; kinds: WebhookKind[] }[] = [
  { label: 'webhook.ofTasks', kinds: ['task.reported', 'task.confirmed', 'task.sent_back', 'task.accepted', 'task.returned', 'task.reassigned', 'task.progressed', 'task.reopened', 'task.missed', 'task.extension_asked', 'task.extension_decided', 'task.help_asked', 'task.help_answered'] },
  { label: 'webhook.ofDuties', kinds: ['plan.adopted', 'duty.added', 'duty.changed', 'duty.withdrawn'] },
  { label: 'webhook.ofOthers', kinds: ['figure.filed', 'reminder.sent', 'bulletin.made'] },
]

/** The kinds' names stand in the messages with a line in place of the point. */
type Named = WebhookKind extends infer K ? (K extends `${infer A}.${infer B}` ? `${A}_${B}` : never) : never
export const kindName = (kind: WebhookKind) => t(`webhookKind.${kind.replace('.', '_') as Named}`)
