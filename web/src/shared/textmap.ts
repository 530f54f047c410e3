/**
 * The server counts a text in characters (code points), the browser in UTF-16 units. Where a text has none beyond
 * the basic plane, both are the same and nothing is stored.
 */
export class TextMap {
  readonly length: number
  /** UTF-16 positions of the second halves, in order; each shifts all that follows by one. */
  private readonly wide: number[] = []

  constructor(readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c >= 0xd800 && c <= 0xdbff && i + 1 < text.length) this.wide.push(++i)
    }
    this.length = text.length - this.wide.length
  }

  /** From characters to UTF-16 units. */
  unit(point: number): number {
    let low = 0
    let high = this.wide.length
    while (low < high) {
      const mid = (low + high) >> 1
      if (this.wide[mid]! - mid <= point) low = mid + 1
      else high = mid
    }
    // Each wide character before this one takes one unit more.
    return point + low
  }

  /** From UTF-16 units to characters. */
  point(unit: number): number {
    let low = 0
    let high = this.wide.length
    while (low < high) {
      const mid = (low + high) >> 1
      if (this.wide[mid]! < unit) low = mid + 1
      else high = mid
    }
    return unit - low
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.unit(start), this.unit(end))
  }
}
