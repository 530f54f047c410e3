// The map of a score as a picture. It comes with what draws on a canvas, and is fetched when somebody asks for it.
import { TreemapChart } from 'echarts/charts'
import { TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'
import type { Scorecard } from '@/api/types'
import { tokens } from '@/shared/tokens'
import { pictureOption, size, type Heading } from './map'

use([TreemapChart, LabelLayout, TitleComponent, CanvasRenderer, SVGRenderer])

export type Format = 'png' | 'svg'

/** Dots of a PNG for each point: it may be printed. */
const DENSITY = 2

/** Draws it on white, whatever theme is on. */
export async function picture(card: Scorecard, heading: Heading, format: Format): Promise<Blob> {
  const { width, height } = size
  const chart = init(document.createElement('div'), null, { renderer: format === 'svg' ? 'svg' : 'canvas', width, height, devicePixelRatio: DENSITY })
  try {
    const color = tokens(true)
    // The names of fonts stand in attributes, whose quotation marks the text of an SVG does not mask.
    chart.setOption(pictureOption(card, heading, color, tokens()('sans').replaceAll('"', "'")))
    if (format === 'svg') return new Blob([chart.renderToSVGString()], { type: 'image/svg+xml' })
    const canvas = chart.renderToCanvas({ pixelRatio: DENSITY, backgroundColor: color('surface') })
    return await new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), 'image/png'))
  } finally {
    chart.dispose()
  }
}
