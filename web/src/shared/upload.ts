// Files on their way to the server: in pieces that follow the line's speed, from where they broke off, however often the
// network goes, and also after the page was closed.
import { api, must, newKey, reachable } from '@/api/client'
import { Problem, asProblem, problemFrom } from '@/api/problem'
import type { Attachment, Upload } from '@/api/types'
import { Sha256, canHash, sha256 } from './sha256'

const KIB = 1024
/** A piece on a line that nothing is known of; it grows while pieces take under two seconds and shrinks when one is lost. */
const FIRST_PIECE = 1024 * KIB
const SMALLEST_PIECE = 128 * KIB
const LARGEST_PIECE = 8 * 1024 * KIB
/** Up to here the browser hashes in advance, so that the server refuses what does not fit; beyond it, and where the browser
 *  can't, the file is hashed while it is sent, and compared at the end. */
const HASHED_FIRST = 32 * 1024 * KIB
/** Seconds before the next try, the last one again and again. */
const PAUSES = [1, 2, 4, 8, 15, 30]
/** Nobody answers for so long: the connection is dead, though nothing says so. The server's own patience is a minute. */
const SILENCE = 45_000

export type UploadStage = 'hashing' | 'sending' | 'waiting' | 'done' | 'failed'

/** How an upload tells how it goes. */
export interface Watch {
  signal: AbortSignal
  told: (stage: UploadStage, sent: number) => void
}

/** A file's name and bytes, and what is remembered of it, so that its sending goes on after the page was closed. */
export interface Parcel {
  name: string
  bytes: Blob
  /** Its SHA-256, once known. */
  hash: string | null
  /** The key of its upload, once begun. */
  upload: string | null
  /** Called with what is to be remembered, before anything depends on it. */
  remember: (more: { hash?: string; upload?: string }) => Promise<unknown>
}

const at = (campaign: string, upload: string) => `/api/v1/campaigns/${campaign}/uploads/${upload}`
const passing = (p: Problem) => p.unreachable || p.status === 429
const stopped = (signal: AbortSignal) => {
  if (signal.aborted) throw new DOMException('stopped', 'AbortError')
}

/** Sends a file and returns the attachment that it became, whose hash is the file's. */
export async function send(campaign: string, parcel: Parcel, watch: Watch): Promise<Attachment> {
  const file = parcel.bytes
  let { hash } = parcel
  if (hash === null && canHash() && file.size > 0 && file.size <= HASHED_FIRST) {
    watch.told('hashing', 0)
    hash = await sha256(await bytesOf(file))
    await parcel.remember({ hash })
  }
  let upload = await begin(campaign, parcel, hash, parcel.upload, watch)
  const hasher = hash === null ? new Sha256() : null
  let piece = FIRST_PIECE
  let begunAnew = false
  /** Where it stands at the server. One that was given up or forgotten there while nobody went on begins anew, once. */
  const found = async (): Promise<Upload> => {
    try {
      const now = await look(campaign, upload.id)
      if (now.state !== 'given_up' || begunAnew) return now
    } catch (error) {
      const problem = asProblem(error)
      if (passing(problem)) return upload
      if (problem.status !== 404 || begunAnew) throw problem
    }
    begunAnew = true
    return begin(campaign, parcel, hash, null, watch)
  }
  for (let lost = 0; upload.state === 'open'; ) {
    stopped(watch.signal)
    watch.told('sending', upload.offset)
    if (hasher) await hashUpTo(hasher, file, upload.offset)
    const bytes = await bytesOf(file.slice(upload.offset, upload.offset + piece))
    try {
      const start = performance.now()
      const next = await sendPiece(campaign, upload, bytes, watch.signal)
      if (hasher && hasher.length === upload.offset) hasher.update(bytes)
      if (performance.now() - start < 2_000) piece = Math.min(piece * 2, LARGEST_PIECE)
      upload = next
      lost = 0
    } catch (error) {
      stopped(watch.signal)
      const problem = asProblem(error)
      // It is elsewhere: an answer was lost on its way, or it was given up.
      if (problem.status === 409 || (problem.status === 404 && !begunAnew)) {
        upload = await found()
        continue
      }
      if (!passing(problem)) throw problem
      piece = Math.max(piece / 2, SMALLEST_PIECE)
      watch.told('waiting', upload.offset)
      await pause(PAUSES[Math.min(lost++, PAUSES.length - 1)]!, watch.signal)
      upload = await found()
    }
  }
  const { attachment } = upload
  if (!attachment) throw new Problem(422, upload.problem?.zh ?? '', upload.problem?.en ?? '')
  if (hasher) await hashUpTo(hasher, file, file.size)
  const own = hash ?? hasher?.end()
  // What the server has is not what is here: the file was changed while it was sent.
  if (own !== attachment.sha256) throw new Problem(422, '', '')
  watch.told('done', file.size)
  return attachment
}

/** Announces a file, or finds the upload that an earlier announcement made. */
async function begin(campaign: string, parcel: Parcel, hash: string | null, old: string | null, watch: Watch): Promise<Upload> {
  stopped(watch.signal)
  const key = old ?? newKey()
  if (old === null) await parcel.remember({ upload: key })
  for (let lost = 0; ; ) {
    stopped(watch.signal)
    try {
      const body = { name: parcel.name, size: parcel.bytes.size, sha256: hash }
      const begun = await must(api.POST('/api/v1/campaigns/{campaign}/uploads', { params: { path: { campaign } }, body, headers: { 'Idempotency-Key': key } }))
      // A repeated answer is as old as its request; what became of it since is asked for.
      const now = old === null ? begun : await look(campaign, begun.id)
      if (now.state === 'open' || now.attachment || old === null) return now
    } catch (error) {
      const problem = asProblem(error)
      if (passing(problem)) {
        watch.told('waiting', 0)
        await pause(PAUSES[Math.min(lost++, PAUSES.length - 1)]!, watch.signal)
        continue
      }
      // Only what is told of the old one is no answer about this one.
      if (old === null || problem.status !== 404) throw problem
    }
    // The old one is over, or forgotten: this is a new one.
    return begin(campaign, parcel, hash, null, watch)
  }
}

const look = (campaign: string, upload: string) => must(api.GET('/api/v1/campaigns/{campaign}/uploads/{upload}', { params: { path: { campaign, upload } } }))

async function sendPiece(campaign: string, upload: Upload, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Upload> {
  const headers = { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(upload.offset) }
  // AbortSignal.any is younger than many a phone.
  const patience = new AbortController()
  const end = () => patience.abort()
  const timer = setTimeout(end, SILENCE)
  signal.addEventListener('abort', end)
  try {
    const request = new Request(new URL(at(campaign, upload.id), location.origin), { method: 'PATCH', headers, body: bytes, signal: patience.signal })
    const response = await fetch(request)
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) throw problemFrom(body, response)
    return body as Upload
  } catch (error) {
    if (error instanceof Problem) throw error
    reachable.value &&= signal.aborted
    throw new Problem(0, '', '')
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())

async function hashUpTo(hasher: Sha256, file: Blob, end: number) {
  while (hasher.length < end) hasher.update(await bytesOf(file.slice(hasher.length, Math.min(end, hasher.length + FIRST_PIECE))))
}

/** Waits so many seconds, or until the network is back. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      removeEventListener('online', go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    // A little uneven, so that a whole office does not come back at the same moment.
    const timer = setTimeout(go, seconds * (800 + Math.random() * 400))
    addEventListener('online', go)
    signal.addEventListener('abort', go)
  })
}

/** A file that somebody chose, and how it goes. */
export interface Sending {
  id: string
  name: string
  size: number
  /** Where the browser finds the image itself; null for other files. */
  preview: string | null
  sent: number
  stage: UploadStage
  problem: Problem | null
  /** Whether this device keeps it; one that it had no room for is lost with the page. */
  kept: boolean
}

/** What the server will not take, it will not take the second time. */
export const hopeless = (problem: Problem) => [403, 404, 413, 422].includes(problem.status) && problem.message !== '422'
