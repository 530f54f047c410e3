// PDF by Mozilla's reader, since a browser's own can't be put into a page without loosening what the page may do, and phones
// have none. Its build for older browsers; 5.4.296 is the last whose decoder of scans (JBIG2) needs no WebAssembly, which
// our content security policy forbids. This file comes only with the first PDF that is opened.
import { getDocument, GlobalWorkerOptions, TextLayer, type PDFDocumentProxy, type PDFPageProxy, type RenderTask } from 'pdfjs-dist/legacy/build/pdf.mjs'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = workerUrl

/** How older Chinese documents, which bring no fonts, number their characters. */
const maps = import.meta.glob<string>('/node_modules/pdfjs-dist/cmaps/*GB*.bcmap', { query: '?url', import: 'default', eager: true })

class Maps {
  async fetch({ name }: { name: string }) {
    const url = maps[`/node_modules/pdfjs-dist/cmaps/${name}.bcmap`]
    if (!url) throw new Error(`no map ${name}`)
    return { cMapData: new Uint8Array(await (await fetch(url)).arrayBuffer()), isCompressed: true }
  }
}

export type Pdf = PDFDocumentProxy
/** Why one is not shown: a password, damage, or a server that did not give it. */
export type PdfFault = 'locked' | 'broken' | 'away'

/** Begins to fetch a PDF, piece by piece as its pages are looked at; `close` ends all that goes on with it. */
export function open(url: string): { pdf: Promise<Pdf>; close: () => void } {
  const task = getDocument({
    url,
    disableAutoFetch: true,
    disableStream: true,
    isEvalSupported: false,
    enableXfa: false,
    useWasm: false,
    // Where the decoder of JPEG 2000 lies that needs none.
    wasmUrl: `${location.origin}/pdf/`,
    useWorkerFetch: false,
    CMapReaderFactory: Maps,
  })
  return { pdf: task.promise, close: () => void task.destroy() }
}

export function faultOf(error: unknown): PdfFault {
  const { name, message } = error instanceof Error ? error : new Error()
  if (name === 'PasswordException') return 'locked'
  return name === 'ResponseException' || /fetch|network/i.test(message) ? 'away' : 'broken'
}

/** More pixels than a page needs, and less than phones refuse. */
const PIXELS = 16_000_000

/** Draws a page in that scale, with its text over it to be selected and read out; `stop` ends it unfinished. */
export function draw(page: PDFPageProxy, scale: number, canvas: HTMLCanvasElement, words: HTMLElement): { done: Promise<void>; stop: () => void } {
  const viewport = page.getViewport({ scale })
  const fine = Math.min(window.devicePixelRatio || 1, 2, Math.sqrt(PIXELS / (viewport.width * viewport.height)))
  canvas.width = Math.floor(viewport.width * fine)
  canvas.height = Math.floor(viewport.height * fine)
  const task: RenderTask = page.render({ canvas, viewport, transform: [fine, 0, 0, fine, 0, 0] })
  words.replaceChildren()
  const text = new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport })
  const done = Promise.all([task.promise, text.render()]).then(() => undefined)
  return {
    done,
    stop: () => {
      task.cancel()
      text.cancel()
    },
  }
}
