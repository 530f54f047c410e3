// The table of statistics: what is pasted finds its cells, and what is missing is told by the periods that are over.
import type { Series, Statistics, StatisticsStep } from '@/api/types'
import { isZh, t } from '@/shared/i18n'
import { planDate } from '@/shared/dates'

/** A period as one reads it: 2026年, 2026年第3季度, 6月 where the year is said elsewhere. */
export function periodText(period: string, short = false): string {
  const [year, part] = period.split('-')
  if (!part) return isZh.value ? `${year}年` : year!
  if (part.startsWith('Q')) {
    const quarter = part.slice(1)
    if (short) return isZh.value ? `${quarter}季度` : `Q${quarter}`
    return isZh.value ? `${year}年第${quarter}季度` : `Q${quarter} ${year}`
  }
  return short ? (isZh.value ? `${Number(part)}月` : planDate(period).split(' ')[0]!) : planDate(period)
}

/** A block as spreadsheets put it on the clipboard: tabs between cells, quotes around those that hold a tab or a line end. */
export function blockOf(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const end = () => {
    rows.at(-1)!.push(cell.trim())
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!
    if (quoted) {
      if (sign === '"' && text[i + 1] === '"') {
        cell += '"'
        i++
      } else if (sign === '"') quoted = false
      else cell += sign
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === '\t') end()
    else if (sign === '\n') {
      end()
      rows.push([])
    } else if (sign !== '\r') cell += sign
  }
  end()
  // The last line end ends a row and begins none.
  if (rows.at(-1)!.every((c) => c === '')) rows.pop()
  return rows
}

/** A period that heads a column, in the program's way of writing or in an office's; null: it is none. */
export function periodOf(heading: string): string | null {
  const plain = heading.replace(/\s/g, '')
  if (/^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$/.test(plain)) return plain
  const [, year, rest = ''] = /^(\d{4})年(.*)$/.exec(plain) ?? []
  if (!year) return null
  if (!rest) return year
  const quarter = /^第?([1-4一二三四])季度?$/.exec(rest)?.[1]
  if (quarter) return `${year}-Q${'一二三四'.includes(quarter) ? '一二三四'.indexOf(quarter) + 1 : quarter}`
  const month = Number(/^(\d{1,2})月(?:1日)?$/.exec(rest)?.[1])
  return month >= 1 && month <= 12 ? `${year}-${String(month).padStart(2, '0')}` : null
}

export interface Placed {
  cells: { statistic: string; period: string; text: string }[]
  /** What the rows of a whole sheet rest on, by statistic. */
  sources: Record<string, string>
  /** Cells that hold something and have no place here. */
  outside: number
}

const CODE = '统计编号'

/** Where the cells of a pasted block belong: by its headings where it has them, else from the cell on in which it is pasted. */
export function place(block: string[][], series: readonly string[], periods: readonly string[], at: { row: number; column: number }): Placed {
  const placed: Placed = { cells: [], sources: {}, outside: 0 }
  const head = block.findIndex((row) => row.includes(CODE))
  if (head >= 0) {
    const headings = block[head]!
    const [code, unit, source] = [CODE, '所属单位', '依据文件'].map((h) => headings.indexOf(h)) as [number, number, number]
    for (const row of block.slice(head + 1)) {
      const statistic = row[code] ?? ''
      const known = series.includes(statistic) && !(unit >= 0 && row[unit])
      headings.forEach((heading, column) => {
        const text = row[column] ?? ''
        const period = periodOf(heading)
        if (!text || period === null) return
        if (known && periods.includes(period)) placed.cells.push({ statistic, period, text })
        else placed.outside++
      })
      if (known && source >= 0 && row[source]) placed.sources[statistic] = row[source]
    }
    return placed
  }
  block.forEach((row, r) => row.forEach((text, c) => {
    const [statistic, period] = [series[at.row + r], periods[at.column + c]]
    if (!text) return
    if (statistic !== undefined && period !== undefined) placed.cells.push({ statistic, period, text })
    else placed.outside++
  }))
  return placed
}

export const figureOf = (series: Series, period: string) => series.figures.find((f) => f.period === period)

/** What stands in the table of a step: what is asked by it or by any, and what has figures there all the same. */
export const isOf = (step: StatisticsStep) => (s: Series) => !s.every || s.every === step || s.figures.length > 0

/** By which other steps how many are asked that don't stand in this one's table. */
export function elsewhere(series: readonly Series[], step: StatisticsStep): { step: StatisticsStep; n: number }[] {
  const left = series.filter((s) => !isOf(step)(s))
  return (['month', 'quarter', 'year'] as const).map((one) => ({ step: one, n: left.filter((s) => s.every === one).length })).filter(({ n }) => n)
}

export interface NextStep {
  text: string
  /** The statistics that it is about; none: there is nothing to do. */
  about: string[]
}

/** The one thing to do next: what is missing of the last period that is over, else what has no figure at all. */
export function nextStep({ periods, series }: Pick<Statistics, 'periods' | 'series'>): NextStep | null {
  const over = periods.filter((p) => p.over)
  const last = over.at(-1)
  if (!last || !series.length) return null
  const begun = series.filter((s) => s.figures.length)
  const period = periodText(last.period)
  if (!begun.length) return { text: t('statistic.nextStart'), about: series.map((s) => s.statistic) }
  const missing = begun.filter((s) => !figureOf(s, last.period)).map((s) => s.statistic)
  if (missing.length) return { text: t('statistic.nextMissing', { period, n: missing.length }), about: missing }
  const never = series.filter((s) => !s.figures.length).map((s) => s.statistic)
  if (never.length) return { text: t('statistic.nextNever', { n: never.length }), about: never }
  return { text: t('statistic.nextDone', { period }), about: [] }
}

/** A line through the figures, in a box of that size; empty where there are fewer than two. */
export function sparkline(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.flatMap((v, i) => (v === null ? [] : [[i, v] as const]))
  if (known.length < 2) return ''
  const [least, most] = [Math.min(...known.map(([, v]) => v)), Math.max(...known.map(([, v]) => v))]
  const x = (i: number) => (values.length > 1 ? (i / (values.length - 1)) * width : 0)
  const y = (v: number) => (most === least ? height / 2 : height - ((v - least) / (most - least)) * height)
  return known.map(([i, v]) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(' ')
}

/** A formula with the titles of its statistics instead of their names. */
export const inTitles = (expression: string, titles: ReadonlyMap<string, string>) =>
  expression.replace(/[A-Za-z_][A-Za-z0-9_]*/g, (name) => titles.get(name) ?? name).replace(/ \* /g, ' × ').replace(/ \/ /g, ' ÷ ')
