import type { Notice } from '@/api/types'
import type { IconName } from '@/shared/icons'
import { t } from '@/shared/i18n'

/** Tone and sign of a notice: told by shape too, not by colour alone. */
export const noticeLook: Record<Notice['kind'], { tone: 'red' | 'amber' | 'blue'; icon: IconName }> = {
  escalated: { tone: 'red', icon: 'flag' },
  urged: { tone: 'red', icon: 'bell' },
  overdue: { tone: 'red', icon: 'warning' },
  handed_over: { tone: 'blue', icon: 'right' },
  due_soon: { tone: 'amber', icon: 'calendar' },
}

/** What a notice says, as of today; what it tells of may have been done since, and its chip says so. */
export function noticeText(n: Pick<Notice, 'kind' | 'deed' | 'days_left' | 'unit'> & { material?: Notice['material'] }): string {
  const left = n.days_left ?? 0
  if (n.material) return t('notice.materialBack')
  if (n.kind === 'handed_over') return n.deed ? t('notice.handedOver', { unit: n.unit.name, deed: t(`deedDone.${n.deed}`) }) : t('notice.assigned')
  if (n.kind === 'urged') return t('notice.urged')
  if (n.kind === 'due_soon' && left >= 0) return left === 0 ? t('notice.dueToday') : t('notice.dueSoon', { n: left })
  return n.kind === 'escalated' ? t('notice.escalated', { unit: n.unit.name, n: -left }) : t('notice.overdue', { n: -left })
}
