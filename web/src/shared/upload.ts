// Files on their way to the server: in pieces that follow the line's speed, from where they broke off, however often the
// network goes, and also after the page was closed and the same file chosen again.
import { computed, onScopeDispose, reactive } from 'vue'
import { api, must, newKey, reachable } from '@/api/client'
import { Problem, asProblem, problemFrom } from '@/api/problem'
import type { Attachment, Upload } from '@/api/types'
import { keep, kept } from './keep'
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

const at = (campaign: string, upload: string) => `/api/v1/campaigns/${campaign}/uploads/${upload}`
const noteOf = (campaign: string, file: File) => `upload.${campaign}.${file.size}.${file.lastModified}.${file.name}`
const passing = (p: Problem) => p.unreachable || p.status === 429
const stopped = (signal: AbortSignal) => {
  if (signal.aborted) throw new DOMException('stopped', 'AbortError')
}

/** Sends a file and returns the attachment that it became, whose hash is the file's. */
export async function send(campaign: string, file: File, watch: Watch): Promise<Attachment> {
  let hash: string | null = null
  if (canHash() && file.size > 0 && file.size <= HASHED_FIRST) {
    watch.told('hashing', 0)
    hash = await sha256(await bytesOf(file))
  }
  const note = noteOf(campaign, file)
  // A page that was closed in the middle has left its key behind: the same upload goes on.
  let upload = await begin(campaign, file, hash, kept(note), note, watch)
  const hasher = hash === null ? new Sha256() : null
  let piece = FIRST_PIECE
  for (let lost = 0; upload.state === 'open'; ) {
    stopped(watch.signal)
    watch.told('sending', upload.offset)
    try {
      if (hasher) await hashUpTo(hasher, file, upload.offset)
      const bytes = await bytesOf(file.slice(upload.offset, upload.offset + piece))
      const start = performance.now()
      const next = await sendPiece(campaign, upload, bytes, watch.signal)
      if (hasher && hasher.length === upload.offset) hasher.update(bytes)
      if (performance.now() - start < 2_000) piece = Math.min(piece * 2, LARGEST_PIECE)
      upload = next
      lost = 0
    } catch (error) {
      stopped(watch.signal)
      const problem = asProblem(error)
      if (problem.status === 409) {
        // It is elsewhere: an answer was lost on its way.
        upload = await look(campaign, upload.id)
        continue
      }
      if (!passing(problem)) throw problem
      piece = Math.max(piece / 2, SMALLEST_PIECE)
      watch.told('waiting', upload.offset)
      await pause(PAUSES[Math.min(lost++, PAUSES.length - 1)]!, watch.signal)
      upload = await look(campaign, upload.id).catch((e: unknown) => {
        if (passing(asProblem(e))) return upload
        throw e
      })
    }
  }
  keep(note, null)
  const { attachment } = upload
  if (!attachment) throw new Problem(422, upload.problem?.zh ?? '', upload.problem?.en ?? '')
  if (hasher) await hashUpTo(hasher, file, file.size)
  const own = hash ?? hasher?.end()
  // What the server has is not what is here: the file was changed while it was sent.
  if (own !== attachment.sha256) throw new Problem(422, '', '')
  watch.told('done', file.size)
  return attachment
}

/** Announces a file, or finds the upload that its last announcement made. */
async function begin(campaign: string, file: File, hash: string | null, old: string | null, note: string, watch: Watch): Promise<Upload> {
  stopped(watch.signal)
  const key = old ?? newKey()
  keep(note, key)
  for (let lost = 0; ; ) {
    stopped(watch.signal)
    try {
      const body = { name: file.name, size: file.size, sha256: hash }
      const begun = await must(api.POST('/api/v1/campaigns/{campaign}/uploads', { params: { path: { campaign } }, body, headers: { 'Idempotency-Key': key } }))
      // A repeated answer is as old as its request; what became of it since is asked for.
      const now = old === null ? begun : await look(campaign, begun.id)
      if (now.state === 'open' || old === null) return now
    } catch (error) {
      const problem = asProblem(error)
      if (passing(problem)) {
        watch.told('waiting', 0)
        await pause(PAUSES[Math.min(lost++, PAUSES.length - 1)]!, watch.signal)
        continue
      }
      if (old === null || problem.status === 401) {
        keep(note, null)
        throw problem
      }
    }
    // The old one is over, or forgotten: this is a new one.
    return begin(campaign, file, hash, null, note, watch)
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

async function hashUpTo(hasher: Sha256, file: File, end: number) {
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
  key: string
  name: string
  size: number
  /** Where the browser finds the image itself; null for other files. */
  preview: string | null
  sent: number
  stage: UploadStage
  problem: Problem | null
  attachment: Attachment | null
}

/** Files sent at the same time: more would only share the same line. */
const AT_A_TIME = 2

/** The files of a form: sent as soon as they are chosen, two at a time, in the order in which they came. */
export function useUploads(campaign: () => string, changed: (attachments: Attachment[]) => void) {
  const items = reactive<Sending[]>([])
  const files = new Map<string, { file: File; stop: AbortController }>()
  const waiting: string[] = []
  let running = 0

  const done = computed(() => items.flatMap((item) => (item.attachment ? [item.attachment] : [])))
  const busy = computed(() => items.some((item) => !item.attachment && item.stage !== 'failed'))

  function add(chosen: Iterable<File>) {
    for (const file of chosen) {
      const key = newKey()
      files.set(key, { file, stop: new AbortController() })
      items.push({ key, name: file.name, size: file.size, preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : null, sent: 0, stage: 'sending', problem: null, attachment: null })
      waiting.push(key)
    }
    next()
  }

  function next() {
    while (running < AT_A_TIME && waiting.length) {
      running++
      void run(waiting.shift()!).finally(() => {
        running--
        next()
      })
    }
  }

  async function run(key: string) {
    const [item, own] = [items.find((i) => i.key === key), files.get(key)]
    if (!item || !own) return
    try {
      const told = (stage: UploadStage, sent: number) => Object.assign(item, { stage, sent })
      item.attachment = await send(campaign(), own.file, { signal: own.stop.signal, told })
      changed(done.value)
    } catch (error) {
      if (!own.stop.signal.aborted) Object.assign(item, { stage: 'failed', problem: asProblem(error) })
    }
  }

  function retry(item: Sending) {
    Object.assign(item, { stage: 'sending', problem: null })
    waiting.push(item.key)
    next()
  }

  /** Takes it out of the form. What the server has of it is forgotten there after a day. */
  function remove(item: Sending) {
    const own = files.get(item.key)
    own?.stop.abort()
    // Chosen again, it begins anew.
    if (own) keep(noteOf(campaign(), own.file), null)
    files.delete(item.key)
    if (item.preview) URL.revokeObjectURL(item.preview)
    items.splice(items.findIndex((i) => i.key === item.key), 1)
    changed(done.value)
  }

  onScopeDispose(() => {
    files.forEach(({ stop }) => stop.abort())
    for (const { preview } of items) if (preview) URL.revokeObjectURL(preview)
  })
  return { items, done, busy, add, retry, remove }
}
