import { onBeforeUnmount, ref, watch } from 'vue'
import { api, must } from '@/api/client'
import type { ChangedThings } from '@/api/types'
import { queries } from './queries'
import { loadSession, session } from './session'

/** How many notices the person has not read; null before it is known. */
export const unread = ref<number | null>(null)

/** The server says something at least every fifteen seconds; who hears nothing for that long asks in another way. */
const SILENCE = 45_000
/** How often is asked where nothing can be heard. */
const ASK = 60_000
/** A page that nobody sees does not hold a connection: browsers have few of them for all pages of a site. */
const HIDDEN = 20_000

const stale = (key: unknown[]) => queries.invalidateQueries({ queryKey: key })

function count(n: number) {
  if (unread.value === n) return
  // What somebody is told tells of work that came or went.
  if (unread.value !== null) for (const c of session.value?.campaigns ?? []) void stale(['campaign', c.id, 'tasks'])
  unread.value = n
  void stale(['notices'])
}

/** Fetches again what is shown of these, where it is older than what changed. What somebody is typing stays: forms hold their own. */
export function takeChanges(changed: ChangedThings) {
  const inside = ['campaign', changed.campaign]
  const older = (kind: string, all: ChangedThings['tasks']) => all.filter(({ id, version }) => {
    const known = queries.getQueryData<{ version: number }>([...inside, kind, id])
    return !known || known.version < version
  })
  for (const id of changed.evidence) for (const part of [['evidence', 'one', id], ['evidence', 'fits', id], ['remarks', id], ['doubts', id], ['ledger', `evidence:${id}`]]) void stale([...inside, ...part])
  if (changed.evidence.length) for (const part of [['evidence', 'list'], ['reviews']]) void stale([...inside, ...part])
  if (changed.evidence.length || changed.asked) void stale([...inside, 'requirements'])
  const [tasks, duties] = [older('task', changed.tasks), older('duty', changed.duties)]
  // All of it was done on this page and has been taken already.
  if (!tasks.length && !duties.length) return
  for (const { id } of tasks) void stale([...inside, 'task', id])
  for (const { id } of duties) void stale([...inside, 'duty', id])
  for (const part of ['tasks', 'task-overview', 'duty-tasks', ...(duties.length ? ['duties', 'overview'] : [])]) void stale([...inside, part])
}

async function ask() {
  const known = await must(api.GET('/api/v1/notices/count')).catch(() => null)
  if (known) count(known.unread)
}

/** Listens for as long as somebody is signed in and looks at the page; asks now and then where nothing can be heard. */
export function useLive() {
  let source: EventSource | null = null
  let last: string | null = null
  let tries = 0
  const timers: Record<'silence' | 'again' | 'asking' | 'hidden', ReturnType<typeof setTimeout> | undefined> = { silence: undefined, again: undefined, asking: undefined, hidden: undefined }
  const stop = (timer: keyof typeof timers) => {
    clearTimeout(timers[timer])
    timers[timer] = undefined
  }

  function close() {
    source?.close()
    source = null
    stop('silence')
    stop('again')
  }
  function lost() {
    close()
    if (!session.value) return
    // A hundred pages must not come back in one moment after the server was away.
    const pause = Math.min(60_000, 2_000 * 2 ** Math.min(tries++, 5)) * (0.75 + Math.random() / 2)
    timers.again = setTimeout(open, pause)
    timers.asking ??= setTimeout(askAgain, Math.min(ASK, pause))
  }
  async function askAgain() {
    await ask()
    timers.asking = session.value && !document.hidden ? setTimeout(askAgain, ASK) : undefined
  }
  function heard(event: MessageEvent<string>) {
    if (event.lastEventId) last = event.lastEventId
    tries = 0
    stop('asking')
    stop('silence')
    timers.silence = setTimeout(lost, SILENCE)
  }
  function open() {
    close()
    if (!session.value || document.hidden || typeof EventSource === 'undefined') {
      if (session.value && !document.hidden) void askAgain()
      return
    }
    source = new EventSource(`/api/v1/events${last === null ? '' : `?after=${encodeURIComponent(last)}`}`)
    source.addEventListener('pulse', heard)
    source.addEventListener('unread', (e) => {
      heard(e)
      count((JSON.parse(e.data) as { unread: number }).unread)
    })
    source.addEventListener('changed', (e) => {
      heard(e)
      takeChanges(JSON.parse(e.data) as ChangedThings)
    })
    source.addEventListener('anew', (e) => {
      heard(e)
      void loadSession().catch(() => undefined)
      void queries.invalidateQueries()
    })
    source.onerror = lost
    timers.silence = setTimeout(lost, SILENCE)
  }
  function onSeen() {
    stop('hidden')
    if (document.hidden) timers.hidden = setTimeout(close, HIDDEN)
    else if (!source) open()
  }
  document.addEventListener('visibilitychange', onSeen)
  const unwatch = watch(() => session.value?.user.id, (user, before) => {
    if (user === before) return
    last = null
    unread.value = null
    if (user) open()
    else {
      close()
      stop('asking')
    }
  }, { immediate: true })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', onSeen)
    unwatch()
    close()
    stop('asking')
    stop('hidden')
  })
}
