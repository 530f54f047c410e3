import { computed, reactive, watch } from 'vue'
import { api, must, newKey, reachable } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { DeedBody, Task, TaskRow } from '@/api/types'
import { session } from '@/app/session'
import { said, t } from '@/shared/i18n'
import { keep, kept } from '@/shared/keep'

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

/** What waits of the person who is here. What another person left on this device waits for them to come back. */
export const outbox = computed(() => all.filter((w) => w.user === session.value?.user.id))
export const waitingFor = (task: string) => outbox.value.filter((w) => w.task === task)

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
 * Does something to a task. Without a connection, or where earlier acts still wait, it is kept on this device and sent
 * later, in order and once; null then. What the server refuses is thrown.
 */
export async function act(campaign: string, task: Pick<TaskRow, 'id' | 'version' | 'duty'>, deed: DeedBody): Promise<Task | null> {
  const user = session.value?.user.id ?? ''
  const own: Waiting = { key: newKey(), user, campaign, task: task.id, title: task.duty.title, deed, version: task.version, at: new Date().toISOString() }
  if (!waitingFor(task.id).length) {
    try {
      return took_(await post(own))
    } catch (error) {
      // Without an answer nobody knows whether it arrived: it is sent again under the same key.
      if (!asProblem(error).unreachable) throw error
    }
  }
  all.push(own)
  if (!remember()) throw new Error(t('state.failed'))
  void send()
  return null
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
export const discard = forget

/** Tries one again upon what the task is now. */
export async function again(w: Waiting) {
  try {
    const now = await must(api.GET('/api/v1/campaigns/{campaign}/tasks/{task}', { params: { path: { campaign: w.campaign, task: w.task } } }))
    w.version = now.version
    // The refused attempt had an answer under the old key: this is another one.
    w.key = newKey()
    delete w.refused
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
  const stuck = new Set(outbox.value.filter((w) => w.refused).map((w) => w.task))
  for (const w of [...outbox.value]) {
    if (w.refused || stuck.has(w.task)) continue
    try {
      const fresh = await post(w)
      for (const later of waitingFor(w.task)) if (later.key !== w.key) later.version = fresh.version
      forget(w.key)
      took_(fresh)
    } catch (error) {
      const problem = asProblem(error)
      if (problem.unreachable || problem.status === 401) return
      const at = all.find((x) => x.key === w.key)
      const fault = problem.faults[0]
      if (at) at.refused = problem.stale ? t('state.stale') : (fault && said(fault)) || said(problem) || t('state.failed')
      stuck.add(w.task)
      remember()
    }
  }
}
watch([reachable, () => session.value?.user.id], ([there, user]) => there && user && void send(), { immediate: true })
