export type MarkKind = 'duty' | 'phase' | 'checklist' | 'group' | 'assessment' | 'unplaced'
/** A stretch of the text that belongs to an entry, in UTF-16 units. */
export interface Mark {
  id: string
  kind: MarkKind
  start: number
  end: number
}
export interface Segment {
  start: number
  text: string
  mark: Mark | null
}
export interface Paragraph {
  start: number
  end: number
  segments: Segment[]
}

const longest = 3000

/** Lines of the text; a line that a bad copy made endless is cut after a sentence, so that no block is slow to draw. */
function lines(text: string): [number, number][] {
  const found: [number, number][] = []
  let start = 0
  while (start <= text.length) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    while (end - start > longest) {
      const stop = text.lastIndexOf('。', start + longest)
      const cut = stop > start ? stop + 1 : start + longest
      found.push([start, cut])
      start = cut
    }
    found.push([start, end])
    start = end + 1
  }
  return found
}

/**
 * The text as paragraphs of lit and unlit segments. Where marks overlap the shorter one wins, so an entry inside
 * another stays visible.
 */
export function paragraphs(text: string, marks: readonly Mark[]): Paragraph[] {
  const sorted = marks.filter((m) => m.end > m.start).sort((a, b) => a.start - b.start)
  const out: Paragraph[] = []
  let next = 0
  let active: Mark[] = []
  for (const [start, end] of lines(text)) {
    while (next < sorted.length && sorted[next]!.start < end) active.push(sorted[next++]!)
    active = active.filter((m) => m.end > start)
    out.push({ start, end, segments: cut(text, start, end, active) })
  }
  return out
}

function cut(text: string, start: number, end: number, active: readonly Mark[]): Segment[] {
  if (start === end) return []
  const edges = new Set([start, end])
  for (const m of active) {
    if (m.start > start && m.start < end) edges.add(m.start)
    if (m.end > start && m.end < end) edges.add(m.end)
  }
  const at = [...edges].sort((a, b) => a - b)
  const segments: Segment[] = []
  for (let i = 0; i + 1 < at.length; i++) {
    const [from, to] = [at[i]!, at[i + 1]!]
    let mark: Mark | null = null
    for (const m of active) {
      if (m.start <= from && m.end >= to && (!mark || m.end - m.start < mark.end - mark.start)) mark = m
    }
    const last = segments.at(-1)
    if (last && last.mark === mark) last.text += text.slice(from, to)
    else segments.push({ start: from, text: text.slice(from, to), mark })
  }
  return segments
}
