// SHA-256 (FIPS 180-4) piece by piece: a long file is hashed while it is sent, and a page on plain http, where the browser
// has no crypto.subtle, can hash too.

const primes = (n: number) => {
  const found: number[] = []
  for (let x = 2; found.length < n; x++) if (found.every((p) => x % p)) found.push(x)
  return found
}
/** The first 32 bits of a number's fraction. */
const fraction = (x: number) => ((x - Math.floor(x)) * 0x100000000) >>> 0
const K = Uint32Array.from(primes(64), (p) => fraction(Math.cbrt(p)))
const START = Uint32Array.from(primes(8), (p) => fraction(Math.sqrt(p)))

export class Sha256 {
  private readonly state = START.slice()
  private readonly block = new Uint8Array(64)
  private readonly words = new Uint32Array(64)
  private filled = 0
  /** Bytes taken so far. */
  length = 0

  update(bytes: Uint8Array): this {
    this.length += bytes.length
    for (let at = 0; at < bytes.length; ) {
      const some = bytes.subarray(at, at + 64 - this.filled)
      this.block.set(some, this.filled)
      this.filled += some.length
      at += some.length
      if (this.filled === 64) this.mix()
    }
    return this
  }

  /** In hex digits. Nothing can be added afterwards. */
  end(): string {
    const bits = this.length * 8
    this.block.fill(0, this.filled)
    this.block[this.filled] = 0x80
    if (this.filled >= 56) {
      this.mix()
      this.block.fill(0)
    }
    const view = new DataView(this.block.buffer)
    view.setUint32(56, Math.floor(bits / 0x100000000))
    view.setUint32(60, bits >>> 0)
    this.mix()
    return [...this.state].map((word) => word.toString(16).padStart(8, '0')).join('')
  }

  private mix() {
    const w = this.words
    const view = new DataView(this.block.buffer)
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(i * 4)
    for (let i = 16; i < 64; i++) {
      const [x, y] = [w[i - 15]!, w[i - 2]!]
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1
    }
    let [a, b, c, d, e, f, g, h] = this.state as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
    }
    for (const [i, x] of [a, b, c, d, e, f, g, h].entries()) this.state[i] = this.state[i]! + x
    this.filled = 0
  }
}

/** Whether the browser hashes by itself: not on plain http. */
export const canHash = () => Boolean(globalThis.crypto?.subtle)

/** The hash of bytes that are at hand, by the browser. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
