import { computed, reactive, watch } from 'vue'
import { api, must, newKey, reachable } from '@/api/client'
import { Problem, asProblem } from '@/api/problem'
import type { DeedBody, Task, TaskRow } from '@/api/types'
import { session } from '@/app/session'
import { said, t } from '@/shared/i18n'
import { keep, kept } from '@/shared/keep'
import * as files from './files'

/** What somebody did to a task and the server has not confirmed yet. */
export interface Waiting {
  /** The key under which it is sent, however often: the server does it once. */
  key: string
  user: string
  campaign: string
  task: string
  /** The duty's title, for whoever looks what is waiting. */
  title: string
  deed: DeedBody
  /** The version that the person saw; what they did to the same task before moves it on. */
  version: number
  at: string
  /** The kept files that it takes along: it goes out once each of them has arrived or was refused. */
  files?: string[]
  /** Its body names its files: from then on it is sent as it is, however often. */
  whole?: boolean
  /** The server has done it; what is kept here for it only remains to be cleared away. */
  done?: boolean
  /** Why the server did not take it; it waits for the person then. */
  refused?: string
}

const NAME = 'outbox'
function remembered(): Waiting[] {
  try {
    const all: unknown = JSON.parse(kept(NAME) ?? '[]')
    return Array.isArray(all) ? (all as Waiting[]) : []
  } catch {
    return []
  }
}
const all = reactive<Waiting[]>(remembered())
const remember = () => keep(NAME, all.length ? JSON.stringify(all) : null)
// Another tab added or sent something.
addEventListener('storage', (e) => {
  if (e.key?.endsWith(NAME)) all.splice(0, all.length, ...remembered())
})

/** Acts that their person is waiting for in front of a form. */
const direct = reactive(new Set<string>())
/** What waits of the person who is here. What another person left on this device waits for them to come back. */
export const outbox = computed(() => all.filter((w) => w.user === session.value?.user.id && !w.done))
/** What of it is told of: an act that is just being sent is not yet waiting. */
export const waitingActs = computed(() => outbox.value.filter((w) => !direct.has(w.key)))
export const waitingFor = (task: string) => waitingActs.value.filter((w) => w.task === task)
const of = (task: string) => outbox.value.filter((w) => w.task === task)
const takenAlong = computed(() => new Set(all.flatMap((w) => w.files ?? [])))
/** Files that somebody chose for a task and has not reported yet. */
export const unreported = (task: string) => files.held.value.filter((f) => f.task === task && !takenAlong.value.has(f.id))
/** Files that acts wait for. */
export const filesOf = (w: Waiting) => files.held.value.filter((f) => w.files?.includes(f.id))

const took = new Set<(task: Task) => void>()
/** Tells of each task that the server has changed; returns how to stop listening. */
export function onTaken(act: (task: Task) => void) {
  took.add(act)
  return () => void took.delete(act)
}

const post = (w: Pick<Waiting, 'campaign' | 'task' | 'version' | 'deed' | 'key'>) =>
  must(api.POST('/api/v1/campaigns/{campaign}/tasks/{task}/deeds', {
    params: { path: { campaign: w.campaign, task: w.task }, header: { 'If-Match': `"v${w.version}"` } },
    body: w.deed,
    headers: { 'Idempotency-Key': w.key },
  }))

/**
 * Does something to a task. Without a connection, or where earlier acts or its files still wait, it is kept on this device
 * and sent later, in order and once; null then. What the server refuses is thrown.
 */
export async function act(campaign: string, task: Pick<TaskRow, 'id' | 'version' | 'duty'>, deed: DeedBody, along: readonly string[] = []): Promise<Task | null> {
  const user = session.value?.user.id ?? ''
  const own: Waiting = { key: newKey(), user, campaign, task: task.id, title: task.duty.title, deed, version: task.version, at: new Date().toISOString(), ...(along.length ? { files: [...along] } : {}) }
  const first = !of(task.id).length && made(own)
  if (first) direct.add(own.key)
  all.push(own)
  try {
    // What could not be kept is not begun either: what was typed still stands in its form.
    if (!remember()) {
      throw new Problem(507, t('state.full'), t('state.full'))
    }
    if (first) return await deliver(own.key)
  } catch (error) {
    const problem = asProblem(error)
    // Without an answer nobody knows whether it arrived: it is sent again under the same key.
    if (!problem.unreachable && !missesFiles(own.key, problem)) {
      forget(own.key)
      throw problem
    }
  } finally {
    direct.delete(own.key)
  }
  void send()
  return null
}

/** Whether all that it takes along is settled; its body names what arrived then. */
function made(w: Waiting): boolean {
  if (w.whole || !w.files) return true
  const along = filesOf(w)
  if (along.length < w.files.length) {
    // Somebody emptied the browser's store: it does not go out as if it had had no photographs.
    w.refused = t('task.filesGone')
    w.files = along.map((f) => f.id)
    remember()
    return false
  }
  if (!along.every(files.settled)) return false
  // One that was refused does not hold up the others; it waits, with the reason, where it was chosen.
  w.files = along.filter(files.arrived).map((f) => f.id)
  Object.assign(w.deed, { attachment_ids: along.flatMap((f) => f.attachment ?? []) })
  w.whole = true
  return true
}

const renewed = new Set<string>()
/** Files that waited for their act longer than the server keeps what nobody attached are sent anew, once; true then. */
function missesFiles(key: string, problem: Problem): boolean {
  const w = all.find((x) => x.key === key)
  if (!w?.files?.length || renewed.has(w.task) || !problem.faults.some((f) => f.path.startsWith('attachment'))) return false
  renewed.add(w.task)
  // What was refused stays refused under its key: this is another request.
  Object.assign(w, { key: newKey(), whole: false })
  remember()
  void files.sendAnew(w.files)
  return true
}

/** Sends one; once the server has done it, it and its files go from this device. */
async function deliver(key: string): Promise<Task> {
  const own = all.find((w) => w.key === key)!
  const fresh = await post(own)
  for (const later of of(own.task)) if (later.key !== key) later.version = fresh.version
  const at = all.find((w) => w.key === key)
  if (at?.files?.length) {
    // Marked first: a crash in between leaves nothing that looks as if it had not been reported.
    at.done = true
    remember()
    await files.remove(at.files)
  }
  forget(key)
  return took_(fresh)
}

function took_(task: Task) {
  for (const tell of took) tell(task)
  return task
}
const forget = (key: string) => {
  const at = all.findIndex((w) => w.key === key)
  if (at >= 0) all.splice(at, 1)
  remember()
}
/** Lets go of an act; the files that it would have taken along wait for another one. */
export const discard = forget
/** Takes a file off this device, and out of the act that it waits for. */
export async function takeOut(id: string) {
  for (const w of all) if (w.files?.includes(id)) w.files = w.files.filter((x) => x !== id)
  remember()
  await files.remove([id])
  void send()
}

/** Everything of the person who is here goes from this device, sent or not. */
export async function wipe() {
  for (const w of [...outbox.value]) forget(w.key)
  await files.remove(files.held.value.map((f) => f.id))
}

/** Tries one again upon what the task is now. */
export async function again(w: Waiting) {
  try {
    const now = await must(api.GET('/api/v1/campaigns/{campaign}/tasks/{task}', { params: { path: { campaign: w.campaign, task: w.task } } }))
    w.version = now.version
    // The refused attempt had an answer under the old key: this is another one.
    w.key = newKey()
    delete w.refused
    w.whole = false
    remember()
    await send()
  } catch (error) {
    if (!asProblem(error).unreachable) w.refused = said(asProblem(error))
  }
}

let running: Promise<void> | null = null
let wanted = false
/** Sends what waits, the oldest first. An act that is refused holds up only what was done to the same task after it. */
export function send(): Promise<void> {
  wanted = true
  running ??= (async () => {
    // What was added while the others went out goes out too.
    while (wanted) {
      wanted = false
      await sendOnce()
    }
  })().finally(() => (running = null))
  return running
}
async function sendOnce() {
  await files.ready()
  for (const w of all.filter((x) => x.done && x.user === session.value?.user.id)) {
    await files.remove(w.files ?? [])
    forget(w.key)
  }
  const stuck = new Set<string>()
  for (const { key } of [...outbox.value]) {
    const w = all.find((x) => x.key === key)
    if (!w || stuck.has(w.task)) continue
    if (w.refused || direct.has(key) || !made(w)) {
      stuck.add(w.task)
      continue
    }
    try {
      await deliver(key)
    } catch (error) {
      const problem = asProblem(error)
      if (problem.unreachable || problem.status === 401) return
      stuck.add(w.task)
      if (missesFiles(key, problem)) continue
      const at = all.find((x) => x.key === key)
      const fault = problem.faults[0]
      if (at) at.refused = problem.stale ? t('state.stale') : (fault && said(fault)) || said(problem) || t('state.failed')
      remember()
    }
  }
}
files.onSettled(() => void send())
watch([reachable, () => session.value?.user.id], ([there, user]) => there && user && void send(), { immediate: true })
