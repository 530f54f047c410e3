import type { Fault } from './types'

/** Why a request did not do what was asked, in a form that every page can show. */
export class Problem extends Error {
  constructor(
    /** The HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    readonly zh: string,
    readonly en: string,
    readonly faults: Fault[] = [],
    readonly retryAfter: number | null = null,
    /** The stable name of the kind of problem. */
    readonly kind = '',
  ) {
    super(zh || en || String(status))
    this.name = 'Problem'
  }

  get unreachable() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
  /** The person is told the same whether a thing is not there or not theirs. */
  get hidden() {
    return this.status === 404 || this.status === 403
  }
  get stale() {
    return this.status === 412
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

export function problemFrom(body: unknown, response: Response): Problem {
  const b = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const faults = Array.isArray(b['faults']) ? (b['faults'] as Fault[]) : []
  const wait = Number(b['retry_after'] ?? response.headers.get('retry-after'))
  return new Problem(response.status, text(b['title']), text(b['title_en']), faults, Number.isFinite(wait) && wait > 0 ? wait : null, text(b['type']))
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, '', '')
}
