import type { Holiday } from '@/api/types'

/** A day of a year as it is drawn. */
export interface YearDay {
  day: string
  kind: 'workday' | 'weekend' | 'holiday' | 'make_up'
  /** The holiday that it belongs to. */
  name: string
}

const key = (at: Date) => at.toISOString().slice(0, 10)

/** The days from one to another, both included; none where one of them is no day, and never more than a few weeks. */
export function stretch(from: string, to: string): string[] {
  const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)]
  if (Number.isNaN(first) || Number.isNaN(last)) return []
  const days = Math.min((last - first) / 86_400_000 + 1, 62)
  return Array.from({ length: Math.max(days, 0) }, (_, i) => key(new Date(first + i * 86_400_000)))
}

/** The twelve months of a year, each as weeks from Monday to Sunday; null where a week's day is of another month. */
export function monthsOf(year: number, holidays: readonly Holiday[]): (YearDay | null)[][][] {
  const off = new Map<string, string>()
  const working = new Map<string, string>()
  for (const h of holidays) {
    for (const day of stretch(h.from, h.to)) off.set(day, h.name)
    for (const day of h.working) working.set(day, h.name)
  }
  const drawn = (at: Date): YearDay => {
    const day = key(at)
    const holiday = off.get(day)
    if (holiday !== undefined) return { day, kind: 'holiday', name: holiday }
    const makeUp = working.get(day)
    if (makeUp !== undefined) return { day, kind: 'make_up', name: makeUp }
    return { day, kind: at.getUTCDay() % 6 === 0 ? 'weekend' : 'workday', name: '' }
  }
  return Array.from({ length: 12 }, (_, month) => {
    const first = new Date(Date.UTC(year, month, 1))
    const before = (first.getUTCDay() + 6) % 7
    const long = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    return Array.from({ length: Math.ceil((before + long) / 7) }, (_, week) =>
      Array.from({ length: 7 }, (_, i) => {
        const date = week * 7 + i - before + 1
        return date < 1 || date > long ? null : drawn(new Date(Date.UTC(year, month, date)))
      }),
    )
  })
}

/** What is typed for one holiday. */
export interface Typed {
  name: string
  from: string
  to: string
  working: string
}

const days = (typed: string) => typed.split(/[\s,;\u3001\uff0c\uff1b]+/).filter(Boolean)

export const asHolidays = (rows: readonly Typed[]): Holiday[] => rows.map((r) => ({ name: r.name, from: r.from, to: r.to || r.from, working: days(r.working) }))

/** The file that says what is typed, in the format of docs/HOLIDAYS.md. */
export const asFile = (year: number, source: string, rows: readonly Typed[]) => `${JSON.stringify({ year, source, holidays: asHolidays(rows) }, null, 2)}\n`

/** What a file says, to be typed on; null where it is not that format: the server then says what is wrong with it. */
export function asTyped(file: string): { source: string; rows: Typed[] } | null {
  try {
    const told = JSON.parse(file) as { source?: unknown; holidays?: unknown }
    if (typeof told.source !== 'string' || !Array.isArray(told.holidays)) return null
    const rows = (told.holidays as Partial<Holiday>[]).map((h) => ({ name: String(h.name ?? ''), from: String(h.from ?? ''), to: String(h.to ?? ''), working: (h.working ?? []).join(' ') }))
    return { source: told.source, rows }
  } catch {
    return null
  }
}
