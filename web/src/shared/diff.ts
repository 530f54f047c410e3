export interface Piece {
  change: 'same' | 'added' | 'gone'
  text: string
}

const words = (s: string) => s.match(/[0-9]+(?:\.[0-9]+)?%?|[A-Za-z]+|\s+|[\s\S]/gu) ?? []

/** What changed between two texts: numbers and Latin words whole, Chinese character by character. */
export function diff(before: string, after: string): Piece[] {
  const a = words(before)
  const b = words(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const out: Piece[] = []
  const push = (change: Piece['change'], text: string) => {
    if (!text) return
    const last = out.at(-1)
    if (last?.change === change) last.text += text
    else out.push({ change, text })
  }
  push('same', a.slice(0, head).join(''))
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), push)
  push('same', a.slice(a.length - tail).join(''))
  return out
}

function middle(a: string[], b: string[], push: (change: Piece['change'], text: string) => void) {
  // Two long texts without common ends are not compared word by word: the reader would see confetti.
  if (a.length * b.length > 1_000_000) {
    push('gone', a.join(''))
    push('added', b.join(''))
    return
  }
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
    }
  }
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push('same', a[i]!)
      i++
      j++
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) push('gone', a[i++]!)
    else push('added', b[j++]!)
  }
}
