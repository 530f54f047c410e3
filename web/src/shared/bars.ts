import type { EChartsCoreOption } from 'echarts/core'

type Color = (token: string) => string
export interface Bars { name: string; color: string; data: number[] }

const common = (color: Color) => ({
  tooltip: { trigger: 'axis', axisPointer: { type: 'none' }, backgroundColor: color('surface'), borderColor: color('line'), textStyle: { color: color('ink'), fontSize: 13 } },
  legend: { top: 0, left: 0, icon: 'rect', itemWidth: 12, itemHeight: 12, itemGap: 16, selectedMode: false, textStyle: { color: color('ink-2'), fontSize: 12 } },
})

/** Bars that stand beside each other over time, each cut into its parts. */
export const overTime = (color: Color, times: string[], series: Bars[]): EChartsCoreOption => ({
  ...common(color),
  grid: { left: 4, right: 8, top: 30, bottom: 4, containLabel: true },
  yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: color('line') } }, axisLabel: { color: color('ink-3'), fontSize: 11 } },
  xAxis: { type: 'category', data: times, axisLine: { lineStyle: { color: color('line') } }, axisTick: { show: false }, axisLabel: { color: color('ink-2'), fontSize: 12 } },
  series: series.map((s) => ({ type: 'bar', stack: 'all', name: s.name, barMaxWidth: 18, itemStyle: { color: color(s.color) }, data: s.data })),
})

/** Lying bars, one for each name, each cut into its parts; the sum stands at its end. */
export const byName = (color: Color, names: string[], series: Bars[]): EChartsCoreOption => ({
  ...common(color),
  grid: { left: 4, right: 40, top: 30, bottom: 4, containLabel: true },
  xAxis: { type: 'value', minInterval: 1, show: false },
  yAxis: { type: 'category', inverse: true, data: names, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: color('ink-2'), fontSize: 12, width: 150, overflow: 'truncate' } },
  series: series.map((s, i) => ({
    type: 'bar', stack: 'all', name: s.name, barMaxWidth: 16, cursor: 'pointer', itemStyle: { color: color(s.color) }, data: s.data,
    ...(i === series.length - 1 ? { label: { show: true, position: 'right', color: color('ink-2'), fontSize: 12, formatter: (p: { dataIndex: number }) => String(series.reduce((n, x) => n + (x.data[p.dataIndex] ?? 0), 0)) } } : {}),
  })),
})
