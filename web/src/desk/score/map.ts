// What the map of a score is drawn from: on the page, and in a picture of it.
import type { EChartsCoreOption } from 'echarts/core'
import type { PlaceScore, Scorecard } from '@/api/types'
import { clock, day } from '@/shared/dates'
import { t } from '@/shared/i18n'
import { share } from './score'

export type Color = (token: string) => string
interface Node { name: string; value: number; row?: number; itemStyle?: object; label?: object; children?: Node[] }

export const leavesOf = (card: Scorecard) => card.places.filter((p) => p.leaf)

/** Of a name that is cut after a character or two nobody reads anything: it is left out, and stands in what a pointer and the table tell. */
const LEAST = 4
const FAR = -9999
const lineOf = (fontSize: number) => fontSize + 3
export const namedWhere = (fontSize: number) => ({ rect, text }: { rect: { width: number; height: number }; text: string }) => {
  const [across, lines] = [Math.floor((rect.width - 10) / fontSize), Math.floor((rect.height - 1) / lineOf(fontSize))]
  return across < 2 || across * lines < Math.min(text.length, LEAST) ? { x: FAR, y: FAR } : {}
}

/** Each leaf as large as its marks, as dark as what it reached of them, within its part; `large` for a picture. */
export function mapSeries(card: Scorecard, color: Color, large = false) {
  const tops: Node[] = []
  let row = 0
  for (const p of card.places) {
    if (p.depth === 0) tops.push({ name: `${p.code} ${p.title}`, value: Number(p.marks), children: [] })
    if (p.leaf) tops.at(-1)?.children?.push(nodeOf(p, row++, color))
  }
  return {
    // Where a name has no room is told once, of the areas as they will be.
    type: 'treemap', animation: false, labelLayout: namedWhere(large ? 13 : 11), roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0, data: tops,
    label: { fontSize: large ? 13 : 11, lineHeight: lineOf(large ? 13 : 11), overflow: 'break', lineOverflow: 'truncate' }, itemStyle: { borderColor: color('surface'), borderWidth: 1, gapWidth: 1 },
    upperLabel: { show: true, height: large ? 28 : 22, color: color('ink-2'), fontSize: large ? 15 : 12 },
    levels: [{ itemStyle: { gapWidth: 3, borderWidth: 0 }, upperLabel: { show: false } }, { itemStyle: { borderColor: color('line'), borderWidth: 1, gapWidth: 1 } }],
  }
}

function nodeOf(p: PlaceScore, row: number, color: Color): Node {
  const reached = share(p.value, p.marks)
  const unknown = p.status === 'unknown'
  const dark = !unknown && reached >= 0.85
  return {
    name: p.title, value: Number(p.marks), row,
    itemStyle: {
      color: color(unknown ? 'sunken' : dark ? 'chart-1' : reached >= 0.5 ? 'chart-2' : 'chart-3'),
      ...(unknown ? { decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: color('line-strong') } } : {}),
    },
    label: { color: color(dark ? 'surface' : 'ink') },
  }
}

/** What a picture says besides: of what and of whom, of when, and the totals. */
export interface Heading { campaign: string; title: string; when: string; total: string; span: string; note: string }

export function headingOf(card: Scorecard, campaign: string, past: boolean, shown: (marks: string) => string): Heading {
  const at = new Date(card.as_of)
  // A picture outlives its year.
  const on = day(at, new Date(0))
  return {
    campaign, title: `${card.title} ${card.edition}`, when: t('score.pictureAsOf', { when: past ? on : `${on} ${clock(at)}` }),
    total: `${shown(card.total.value)} / ${card.marks}`, span: t('score.span', { low: shown(card.total.low), high: shown(card.total.high) }), note: t('score.mapNote'),
  }
}

/** Points of the picture, and where the map begins and ends in it. */
export const size = { width: 1600, height: 1000, top: 128, bottom: 56, side: 40 }

export function pictureOption(card: Scorecard, heading: Heading, color: Color, font: string): EChartsCoreOption {
  const text = (left: number | string, top: number, words: string, fontSize: number, ink: string, weight = 400) =>
    ({ text: words, left, top, padding: 0, textStyle: { fontSize, fontWeight: weight, color: color(ink), fontFamily: font } })
  const { side } = size
  const right = (one: ReturnType<typeof text>) => ({ ...one, left: undefined, right: side })
  return {
    animation: false, backgroundColor: color('surface'), textStyle: { fontFamily: font },
    title: [
      text(side, 32, heading.title, 28, 'ink', 600), text(side, 78, `${heading.campaign} · ${heading.when}`, 17, 'ink-2'),
      right(text(0, 30, heading.total, 32, 'ink', 600)), right(text(0, 78, heading.span, 17, 'ink-2')),
      text(side, size.height - 40, `${t('score.map')} · ${heading.note}`, 15, 'ink-3'),
    ],
    series: [{ ...mapSeries(card, color, true), left: side, right: side, top: size.top, bottom: size.bottom }],
  }
}

/** What a file is called that holds the picture; without characters that some system forbids. */
export function pictureName(card: Scorecard): string {
  const on = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date(card.as_of))
  return t('score.pictureName', { title: card.title, day: on }).replace(/[\\/:*?"<>|]/g, ' ')
}
