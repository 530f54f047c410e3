// Photographs and files for tasks, from the moment they are chosen until the server has what they prove: kept on this
// device at once, sent as soon as there is a line, seen by their person alone.
import { computed, markRaw, reactive, ref, watch } from 'vue'
import { newKey, reachable } from '@/api/client'
import { Problem } from '@/api/problem'
import { session } from '@/app/session'
import { hand } from '@/shared/download'
import { t } from '@/shared/i18n'
import { keep } from '@/shared/keep'
import { hopeless, send, type Sending } from '@/shared/upload'
import { bytesOf, listFacts, note, shelve, takeOff, type Facts } from './shelf'

/** A file that waits on this device. */
export interface Held extends Facts, Sending {}

/** Files sent at the same time: more would only share the same line. */
const AT_A_TIME = 2
/** So long a server that can't take it now (a full disk, too many at once) is left alone. */
const LATER = 60_000
/** Tells other tabs that something came or went. */
const BELL = 'held'

const all = reactive<Held[]>([])
/** Everything that waits here of the person who is here, the oldest first. */
export const held = computed<readonly Held[]>(() => all)
export const arrived = (file: Held) => file.attachment !== null
/** Whether nothing more becomes of it: it is at the server, or the server does not take it. */
export const settled = (file: Held) => arrived(file) || file.refused !== null

/** The bytes of those that this device had no room for. */
const loose = new Map<string, Blob>()
const running = new Map<string, AbortController>()
let owner = ''

const settle = new Set<(id: string) => void>()
/** Tells of each file that has arrived or was refused. */
export const onSettled = (act: (id: string) => void) => void settle.add(act)

const find = (id: string) => all.find((f) => f.id === id)
const blobOf = async (id: string) => loose.get(id) ?? (await bytesOf(id))
const pictured = (type: string) => type.startsWith('image/')
const refusal = (refused: Facts['refused']) => refused && markRaw(new Problem(422, refused.zh, refused.en))

function drop(file: Held) {
  running.get(file.id)?.abort()
  loose.delete(file.id)
  if (file.preview) URL.revokeObjectURL(file.preview)
  const at = all.indexOf(file)
  if (at >= 0) all.splice(at, 1)
}

/** Takes up what is kept of the person who is here; `ready` when that is known. */
async function load(user: string) {
  if (user !== owner) for (const file of [...all]) drop(file)
  owner = user
  if (!user) return
  const facts = await listFacts(user).catch(() => [])
  if (owner !== user) return
  for (const file of [...all]) if (file.kept && !facts.some((f) => f.id === file.id)) drop(file)
  for (const one of facts) {
    const there = find(one.id)
    const how = { stage: one.attachment ? ('done' as const) : one.refused ? ('failed' as const) : ('waiting' as const), problem: refusal(one.refused) }
    if (there) {
      // Another tab may have brought it further than this one.
      if (one.attachment || one.refused) Object.assign(there, one, how)
      continue
    }
    const blob = await blobOf(one.id).catch(() => null)
    if (owner !== user || find(one.id)) continue
    all.push({ ...one, ...how, preview: blob && pictured(one.type) ? URL.createObjectURL(blob) : null, sent: one.attachment ? one.size : 0, kept: true })
  }
  next()
}
/** What changes the list happens one after the other. */
let turn = Promise.resolve()
const inTurn = (act: () => Promise<void>) => (turn = turn.then(act))
export const ready = () => turn
const reload = () => inTurn(() => load(session.value?.user.id ?? ''))
watch(() => session.value?.user.id ?? '', reload, { immediate: true, flush: 'sync' })
addEventListener('storage', (e) => e.key?.endsWith(`.${BELL}`) && void reload())
const ring = () => keep(BELL, newKey())

const choices = ref(0)
/** Whether something was just chosen and is not on the list yet: a slow device takes a while over its bytes. */
export const keeping = computed(() => choices.value > 0)
/** Keeps what was chosen for a task, and begins to send it. A device without room keeps what it can, and says which not. */
export function add(campaign: string, task: string, chosen: readonly File[]) {
  choices.value += 1
  return inTurn(() => keepAll(campaign, task, chosen)).finally(() => (choices.value -= 1))
}
async function keepAll(campaign: string, task: string, chosen: readonly File[]) {
  const user = owner
  void navigator.storage?.persist?.().catch(() => undefined)
  for (const file of chosen) {
    const id = newKey()
    // Named in advance, so that two tabs that send it make one upload.
    const facts: Facts = { id, upload: id, user, campaign, task, name: file.name, size: file.size, type: file.type, place: (all.at(-1)?.place ?? 0) + 1, hash: null, attachment: null, refused: null }
    const kept = await shelve(facts, file).then(() => true, () => false)
    // The device's own copy: what was chosen may change or go where it lies.
    const blob = (kept && (await bytesOf(facts.id).catch(() => null))) || file
    if (!kept) loose.set(facts.id, file)
    if (owner !== user) return
    all.push({ ...facts, preview: pictured(file.type) ? URL.createObjectURL(blob) : null, sent: 0, stage: 'waiting', problem: null, kept })
    next()
  }
  ring()
}

/** Takes them off this device: their person wants it, or the server has what they prove. */
export const remove = (ids: readonly string[]) =>
  inTurn(async () => {
    for (const file of [...all]) if (ids.includes(file.id)) drop(file)
    await takeOff(ids).catch(() => undefined)
    ring()
  })

/** Tries again what could not be sent. */
export function retry(id: string) {
  const file = find(id)
  if (!file || settled(file)) return
  Object.assign(file, { stage: 'waiting', problem: null })
  next()
}
/** The server no longer has them: they are sent anew. */
export async function sendAnew(ids: readonly string[]) {
  for (const id of ids) {
    const file = find(id)
    if (file) await remember(file, { attachment: null, upload: null })
    retry(id)
  }
}

/** Hands one to the browser, so that it is not lost where the server does not take it. */
export async function saveCopy(id: string) {
  const [file, blob] = [find(id), await blobOf(id)]
  if (file && blob) hand(blob, file.name)
}

async function remember(file: Held, more: Partial<Facts>) {
  Object.assign(file, more)
  // Where the device is full the page still knows it.
  if (file.kept) await note(file.id, more).catch(() => undefined)
}

/** Begins what waits, in the order in which it was chosen. */
function next() {
  for (const file of all) {
    if (running.size >= AT_A_TIME) return
    if (settled(file) || file.stage === 'failed' || running.has(file.id)) continue
    const stop = new AbortController()
    running.set(file.id, stop)
    void run(file, stop.signal).finally(() => {
      running.delete(file.id)
      next()
    })
  }
}

async function run(file: Held, signal: AbortSignal) {
  try {
    const bytes = await blobOf(file.id)
    if (!bytes) return await refuse(file, { zh: t('files.gone'), en: t('files.gone') })
    const told = (stage: Sending['stage'], sent: number) => Object.assign(file, { stage, sent })
    const parcel = { name: file.name, bytes, hash: file.hash, upload: file.upload, remember: (more: Partial<Facts>) => remember(file, more) }
    const attachment = await send(file.campaign, parcel, { signal, told })
    await remember(file, { attachment: attachment.id })
    for (const tell of settle) tell(file.id)
  } catch (error) {
    if (signal.aborted) return
    const problem = error instanceof Problem ? error : new Problem(422, '', '')
    Object.assign(file, { stage: 'failed', problem: markRaw(problem) })
    // Whoever is no longer signed in comes back; it goes on then.
    if (problem.status === 401) return
    if (!hopeless(problem)) {
      // Its next try begins with nothing of this one.
      if (problem.status === 422) await remember(file, { upload: null, hash: null })
      setTimeout(() => retry(file.id), LATER)
      return
    }
    const fault = problem.faults[0]
    await refuse(file, { zh: fault?.zh ?? problem.zh, en: fault?.en ?? problem.en })
  }
}
async function refuse(file: Held, refused: { zh: string; en: string }) {
  Object.assign(file, { stage: 'failed', problem: refusal(refused) })
  await remember(file, { refused })
  for (const tell of settle) tell(file.id)
}

watch([reachable, () => session.value?.user.id], ([there]) => {
  if (there) for (const file of all) if (file.stage === 'failed') retry(file.id)
})
// What this device had no room for is gone with the page: the browser asks before it closes.
addEventListener('beforeunload', (e) => {
  if (all.some((f) => !f.kept && !settled(f))) e.preventDefault()
})
