import createClient from 'openapi-fetch'
import { ref, watch } from 'vue'
import { Problem, problemFrom } from './problem'
import type { Paths } from './types'

/** Whether the last request reached the server; the shell shows it and drafts wait for it. */
export const reachable = ref(true)

// While the server is away it is asked after, so that pages go on by themselves once it is back.
const ask = () => void fetch('/healthz').then((r) => (reachable.value ||= r.ok), () => undefined)
let asking: ReturnType<typeof setInterval> | undefined
watch(reachable, (there) => {
  clearInterval(asking)
  asking = there ? undefined : setInterval(ask, 4000)
}, { flush: 'sync' })
addEventListener('online', () => reachable.value || ask())

let onSignedOut: () => void = () => undefined
export const whenSignedOut = (act: () => void) => {
  onSignedOut = act
}

/** A version-4 UUID that also works on plain http, where crypto.randomUUID is missing. */
export function newKey(): string {
  const b = crypto.getRandomValues(new Uint8Array(16))
  b[6] = (b[6]! & 0x0f) | 0x40
  b[8] = (b[8]! & 0x3f) | 0x80
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The If-Match header for an edit of what was read as `version`. */
export const ifMatch = (thing: { version: number }) => ({ 'If-Match': `"v${thing.version}"` })

export const api = createClient<Paths>({
  baseUrl: location.origin,
  fetch: (request) => globalThis.fetch(request),
})

api.use({
  onRequest({ request }) {
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', newKey())
    return request
  },
  onResponse({ response, schemaPath }) {
    // What the device kept is an answer, but not the server's.
    reachable.value = ![502, 503, 504].includes(response.status) && !response.headers.has('X-Kept')
    if (response.status === 401 && schemaPath !== '/api/v1/session') onSignedOut()
  },
  onError() {
    reachable.value = false
    return new Problem(0, '', '')
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's value, or the problem thrown. */
export async function must<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (error !== undefined || !response.ok) throw error instanceof Problem ? error : problemFrom(error, response)
  return data as T
}
