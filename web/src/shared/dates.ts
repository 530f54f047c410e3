import { isZh, t } from './i18n'
import { half } from './words'

const weekdays = ['日', '一', '二', '三', '四', '五', '六']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const monthNames = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** 6月5日 周四; with the year where it is not `now`'s. */
export function day(at: Date, now = new Date()): string {
  const year = at.getFullYear() === now.getFullYear() ? null : at.getFullYear()
  if (isZh.value) return `${year ? `${year}年` : ''}${at.getMonth() + 1}月${at.getDate()}日 周${weekdays[at.getDay()]}`
  return `${days[at.getDay()]} ${at.getDate()} ${months[at.getMonth()]}${year ? ` ${year}` : ''}`
}

/** Where there is room for a day and not for its weekday: 6月5日, 5 Jun; with the year where it is not `now`'s. */
export const shortDate = (date: string | null, now = new Date()) => planDate(date, now).replace(/ 周.$|^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) /, '')

/** A day along the axis of a chart, where there is no room for more: 6月5日, 5 Jun. */
export function axisDay(date: string): string {
  const [, m, d] = date.split('-').map(Number) as [number, number, number]
  return isZh.value ? `${m}月${d}日` : `${d} ${months[m - 1]}`
}

const two = (n: number) => String(n).padStart(2, '0')
export const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`

/** A moment: relative under a day, then the day and the time. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000)
  if (minutes >= 0 && minutes < 1) return t('dates.justNow')
  if (minutes >= 0 && minutes < 60) return t('dates.minutesAgo', { n: minutes })
  if (minutes >= 0 && minutes < 24 * 60) return t('dates.hoursAgo', { n: Math.floor(minutes / 60) })
  return `${day(at, now)} ${clock(at)}`
}

/** A plan's date at the precision it has: `2026`, `2026-05`, `2026-05-26`, `XXXX-05-26`. */
export function planDate(date: string | null, now = new Date()): string {
  if (!date) return ''
  const [y, m, d] = date.split('-') as [string, string?, string?]
  const month = m ? Number(m) : 0
  if (d && y !== 'XXXX') return day(new Date(Number(y), month - 1, Number(d)), now)
  if (isZh.value) return `${y === 'XXXX' ? '' : `${y}年`}${m ? `${month}月` : ''}${d ? `${Number(d)}日` : ''}`
  return [d && Number(d), m && months[month - 1], y === 'XXXX' ? null : y].filter(Boolean).join(' ')
}

/** A month of a chart or a filter: 2026年5月. */
export const month = (value: string) => planDate(value.slice(0, 7))

/** A plan's date as one would type it: as it is stored, or, where its year is not known, in words: 6月, 5 Jun. */
export const typedPlanDate = (date: string | null) => (date?.startsWith('X') ? planDate(date) : (date ?? ''))

/** 5 Jun 2026, Jun 2026, Jun: as an English page shows it. */
function fromEnglish(typed: string): string {
  const cut = /^(?:[a-z]{3,9},? )?(\d{1,2} )?([a-z]{3,9})\.?(?: (\d{4}))?$/i.exec(typed.trim())
  const name = cut?.[2]?.toLowerCase() ?? ''
  const month = monthNames.findIndex((m) => m.startsWith(name)) + 1
  return cut && month > 0 ? `${cut[3] ?? 'XXXX'}-${month}${cut[1] ? `-${cut[1].trim()}` : ''}` : typed
}

/** What a person types for a date, or null: 2026年5月底, 2026-5-20, 2026.5, 5月20日 and 6月 (year unknown), 2026, 5 Jun. */
export function parsePlanDate(typed: string): string | null {
  const s = half(fromEnglish(half(typed))).replace(/\s/g, '')
  const cut = /^(?:(\d{4}|[xX]{4})(?:年|[-./]|$))?(?:(\d{1,2})(?:月|[-./]|$))?(?:(\d{1,2})日?)?(?:底|末|前|之前|以前)*$/.exec(s)
  if (!cut || !s) return null
  const [, y, m, d] = cut
  // A lone number is no month.
  if (!y && !d && !s.includes('月')) return null
  const mm = m === undefined ? null : Number(m)
  const dd = d === undefined ? null : Number(d)
  if (mm !== null && (mm < 1 || mm > 12)) return null
  if (dd !== null && (mm === null || dd < 1 || dd > new Date(y && /\d/.test(y) ? Number(y) : 2024, mm, 0).getDate())) return null
  if (/^[xX]{4}$/.test(y ?? '') && mm === null) return null
  const year = y && /\d/.test(y) ? y : 'XXXX'
  return [year, mm && two(mm), dd && two(dd)].filter(Boolean).join('-')
}

/** The last day that a plan's date can mean, for comparing; null where the year is not known. */
export function lastDay(date: string | null): string | null {
  if (!date || date.startsWith('X')) return null
  const [y, m, d] = date.split('-')
  if (d) return date
  if (m) return `${y}-${m}-${two(new Date(Number(y), Number(m), 0).getDate())}`
  return `${y}-12-31`
}
