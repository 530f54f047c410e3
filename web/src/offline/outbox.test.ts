import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { reachable } from '@/api/client'
import type { Session, TaskRow } from '@/api/types'
import { takeSession } from '@/app/session'
import { fakeServer } from '@/testing/fake'
import { act, again, discard, outbox, send } from './outbox'

const row = { id: 't1', version: 3, duty: { id: 'd', title: '清理背街小巷', number: null } } as unknown as TaskRow
const me = (id: string) => takeSession({ user: { id }, campaigns: [], permissions: [] } as unknown as Session)
let line = true
let versions = 3
let refuse: ((deed: string) => boolean) | undefined
const server = () => fakeServer((asked) => {
  if (!line) return 'unreachable'
  if (asked.method === 'GET') return { status: 200, body: { id: 't1', version: versions } }
  if (refuse?.((asked.body as { deed: string }).deed)) return { status: 409, body: { title: '任务已办结', title_en: 'done' } }
  return { status: 200, body: { id: 't1', version: ++versions } }
})

beforeEach(() => {
  for (const w of [...outbox.value]) discard(w.key)
  ;[line, versions, refuse] = [true, 3, undefined]
  me('u1')
})

describe('what is done to a task', () => {
  it('goes out at once while there is a connection', async () => {
    const asked = server()
    expect(await act('c', row, { deed: 'accept' })).toMatchObject({ version: 4 })
    expect(asked.map((a) => a.headers.get('if-match'))).toEqual(['"v3"'])
    expect(outbox.value).toEqual([])
  })

  it('waits on this device without one, survives a reload, and goes out in order, once, each upon the one before', async () => {
    line = false
    const asked = server()
    expect(await act('c', row, { deed: 'accept' })).toBeNull()
    expect(await act('c', row, { deed: 'report', note: '已清理' })).toBeNull()
    await flushPromises()
    expect(JSON.parse(localStorage.getItem('chengjing.outbox') ?? '[]')).toHaveLength(2)
    line = true
    asked.length = 0
    reachable.value = false
    reachable.value = true
    await flushPromises()
    await send()
    expect(asked.map((a) => [(a.body as { deed: string }).deed, a.headers.get('if-match')])).toEqual([['accept', '"v3"'], ['report', '"v4"']])
    expect(outbox.value).toEqual([])
  })

  it('is repeated under the key of the first attempt, so that the server does it once', async () => {
    const asked = fakeServer(() => 'unreachable')
    await act('c', row, { deed: 'accept' })
    await send()
    await send()
    expect(new Set(asked.map((a) => a.headers.get('idempotency-key'))).size).toBe(1)
    expect(asked.length).toBeGreaterThan(1)
  })

  it('is not lost when the server refuses it: it waits with the reason, and what came after it waits too', async () => {
    line = false
    server()
    await act('c', row, { deed: 'accept' })
    await act('c', row, { deed: 'report', note: null })
    await act('c', { ...row, id: 't2' }, { deed: 'accept' })
    line = true
    refuse = (deed) => deed === 'accept' && versions === 3
    await send()
    expect(outbox.value.map((w) => [w.task, w.refused])).toEqual([['t1', '任务已办结'], ['t1', undefined], ['t2', '任务已办结']])
    refuse = undefined
    await again(outbox.value[0]!)
    expect(outbox.value.map((w) => w.task)).toEqual(['t2'])
  })

  it('of another person on the same device stays theirs', async () => {
    line = false
    server()
    await act('c', row, { deed: 'accept' })
    me('u2')
    expect(outbox.value).toEqual([])
    me('u1')
    expect(outbox.value).toHaveLength(1)
  })
})
