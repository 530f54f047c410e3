import type { BurdenLoad, BurdenMinutes } from '@/api/types'
import { t } from '@/shared/i18n'

/** How often something was asked. */
export const asked = (load: BurdenLoad) => load.tasks + load.requests

/** 3 小时 20 分钟, 45 分钟: as one says it. */
export function duration(minutes: number): string {
  const [h, m] = [Math.floor(minutes / 60), minutes % 60]
  if (!h) return t('burden.minutes', { n: m })
  return m ? t('burden.hoursMinutes', { h, m }) : t('burden.hours', { n: h })
}

/** The formula by which minutes are estimated, in words. */
export const formula = (m: BurdenMinutes) => t('burden.formula', { task: m.task, request: m.request, filing: m.filing, file: m.file, returned: m.returned, limit: duration(m.too_much) })

/** The Monday so many weeks from another one. */
export function weekFrom(monday: string, weeks: number): string {
  const day = new Date(`${monday}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + 7 * weeks)
  return day.toISOString().slice(0, 10)
}

/** The Sunday of a week. */
export function sundayOf(monday: string): string {
  const day = new Date(`${monday}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + 6)
  return day.toISOString().slice(0, 10)
}
