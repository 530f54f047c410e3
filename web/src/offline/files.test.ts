// Photographs from the shot to the report, against a server that is not always there and a browser that is closed at any
// moment: closing is what a new copy of the modules over the same IndexedDB and localStorage is.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { File as NodeFile } from 'node:buffer'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Session, TaskRow } from '@/api/types'

const row = { id: 't1', version: 3, duty: { id: 'd', title: '清理背街小巷', number: null } } as unknown as TaskRow
/** Files as a browser stores them; the tests' own browser has none that can be stored. */
const photo = (name: string, size = 1500) => new NodeFile([new Uint8Array(size).map((_, i) => (i * 31 + name.length) % 251)], name, { type: 'image/jpeg' }) as unknown as File

/** A server with uploads and one task. */
function newServer() {
  const server = { line: true, uploads: new Map<string, { name: string; size: number; sha256: string | null; bytes: Buffer }>(), deeds: [] as { key: string; version: string; body: { deed: string; attachment_ids?: string[] } }[], version: 3, swept: false, lose: false, pieces: 0 }
  const json = (status: number, value: unknown) => new Response(JSON.stringify(value), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } })
  const body = (id: string) => {
    const u = server.uploads.get(id)!
    const whole = u.bytes.length === u.size
    return { id, name: u.name, size: u.size, offset: u.bytes.length, state: whole ? 'complete' : 'open', problem: null, expires_at: '', attachment: whole ? { id, name: u.name, sha256: createHash('sha256').update(u.bytes).digest('hex') } : null }
  }
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!server.line) throw new TypeError('Failed to fetch')
    const [, , , , , kind, id] = new URL(request.url).pathname.split('/')
    if (kind === 'uploads' && request.method === 'POST') {
      const key = request.headers.get('idempotency-key')!
      const wish = (await request.json()) as { name: string; size: number; sha256: string }
      if (wish.name.endsWith('.svg')) return json(422, { title: '有误', faults: [{ path: 'name', zh: '不接收网页或 SVG 文件', en: 'no SVG' }] })
      if (!server.uploads.has(key)) server.uploads.set(key, { ...wish, bytes: Buffer.alloc(0) })
      return json(201, body(key))
    }
    if (kind === 'uploads') {
      if (!server.uploads.has(id!)) return json(404, { title: '没有' })
      if (request.method === 'GET') return json(200, body(id!))
      const u = server.uploads.get(id!)!
      if (Number(request.headers.get('upload-offset')) !== u.bytes.length) return json(409, { title: '从别处接着传' })
      server.pieces++
      u.bytes = Buffer.concat([u.bytes, Buffer.from(await request.arrayBuffer())])
      return json(200, body(id!))
    }
    if (request.method === 'GET') return json(200, { id: 't1', version: server.version })
    const deed = { key: request.headers.get('idempotency-key')!, version: request.headers.get('if-match')!, body: (await request.json()) as { deed: string; attachment_ids?: string[] } }
    const missing = deed.body.attachment_ids?.findIndex((a) => !server.uploads.has(a)) ?? -1
    if (missing >= 0) return json(422, { title: '有误', faults: [{ path: `attachments[${missing}]`, zh: '没有这个附件，请重新上传', en: 'no such attachment' }] })
    if (!server.deeds.some((d) => d.key === deed.key)) {
      server.deeds.push(deed)
      server.version++
    }
    if (server.lose) {
      server.line = false
      throw new TypeError('Failed to fetch')
    }
    return json(200, { id: 't1', version: server.version })
  })
  return server
}

/** Opens the app, as somebody. */
async function openApp(user = 'u1') {
  vi.resetModules()
  const [files, outbox, { takeSession }, client] = [await import('./files'), await import('./outbox'), await import('@/app/session'), await import('@/api/client')]
  const { wholeLocale } = await import('@/shared/i18n')
  await wholeLocale()
  const enter = async (id: string | null) => {
    takeSession(id === null ? null : ({ user: { id }, campaigns: [], permissions: [] } as unknown as Session))
    await files.ready()
  }
  await enter(user)
  opened.push(() => enter(null))
  const report = (along = files.held.value) => outbox.act('c', row, { deed: 'report', note: null, attachment_ids: [] } as never, along.map((f) => f.id))
  const online = () => {
    client.reachable.value = false
    client.reachable.value = true
    dispatchEvent(new Event('online'))
  }
  return { ...files, ...outbox, client, enter, report, online }
}
const opened: (() => Promise<void>)[] = []
const names = (files: readonly { name: string }[]) => files.map((f) => f.name)
const closeApp = async () => {
  for (const leave of opened.splice(0)) await leave()
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  URL.createObjectURL = () => 'blob:picture'
  URL.revokeObjectURL = () => undefined
})
afterEach(async () => {
  await closeApp()
  vi.unstubAllGlobals()
})

it('photos shot without a network outlive the closed tab and go out with their report, once, each the same byte for byte', async () => {
  const server = newServer()
  server.line = false
  let app = await openApp()
  await app.add('c', 't1', [photo('前.jpg'), photo('后.jpg', 2_500_000)])
  expect(names(app.unreported('t1'))).toEqual(['前.jpg', '后.jpg'])
  expect(await app.report()).toBeNull()
  expect([app.unreported('t1').length, app.filesOf(app.outbox.value[0]!).length]).toEqual([0, 2])
  await closeApp()

  server.line = true
  app = await openApp()
  await vi.waitFor(() => expect(app.outbox.value).toEqual([]), 5000)
  expect(server.deeds.map((d) => [d.version, d.body.attachment_ids!.map((a) => server.uploads.get(a)!.name)])).toEqual([['"v3"', ['前.jpg', '后.jpg']]])
  for (const u of server.uploads.values()) expect(createHash('sha256').update(u.bytes).digest('hex')).toBe(u.sha256)
  expect(app.held.value).toEqual([])
  // Nothing of it is left on the device either.
  await closeApp()
  app = await openApp()
  expect([app.held.value.length, app.outbox.value.length, server.deeds.length]).toEqual([0, 0, 1])
})

it('an upload that broke off goes on where it was after the browser was killed', async () => {
  const server = newServer()
  let app = await openApp()
  const fetched = globalThis.fetch
  // The line dies after the first piece.
  vi.stubGlobal('fetch', async (r: Request) => {
    if (r.method === 'PATCH' && server.pieces === 1) throw new TypeError('Failed to fetch')
    return fetched(r)
  })
  await app.add('c', 't1', [photo('大.jpg', 2_500_000)])
  await vi.waitFor(() => expect(app.held.value[0]!.stage).toBe('waiting'))
  await vi.waitFor(() => expect(server.pieces).toBe(1))
  await closeApp()
  vi.stubGlobal('fetch', fetched)
  app = await openApp()
  await vi.waitFor(() => expect(app.held.value[0]!.stage).toBe('done'), 5000)
  expect(server.uploads.size).toBe(1)
  expect([...server.uploads.values()][0]!.bytes.length).toBe(2_500_000)
})

it('a report whose answer was lost is sent again as it was, and its photos leave the device only then', async () => {
  const server = newServer()
  let app = await openApp()
  await app.add('c', 't1', [photo('后.jpg')])
  await vi.waitFor(() => expect(app.held.value[0]!.stage).toBe('done'))
  server.lose = true
  expect(await app.report()).toBeNull()
  expect([server.deeds.length, app.held.value.length]).toEqual([1, 1])
  await closeApp()
  Object.assign(server, { lose: false, line: true })
  app = await openApp()
  await vi.waitFor(() => expect(app.outbox.value).toEqual([]))
  await app.ready()
  expect([server.deeds.length, server.uploads.size, app.held.value.length]).toEqual([1, 1, 0])
})

it('a photo that the server refuses says so and stays; the report goes out with the others', async () => {
  const server = newServer()
  server.line = false
  const app = await openApp()
  await app.add('c', 't1', [photo('图.svg'), photo('后.jpg')])
  await app.report()
  server.line = true
  app.online()
  await vi.waitFor(() => expect(server.deeds.length).toBe(1), 5000)
  await vi.waitFor(() => expect(app.outbox.value).toEqual([]))
  await app.ready()
  expect(server.deeds[0]!.body.attachment_ids!.map((a) => server.uploads.get(a)!.name)).toEqual(['后.jpg'])
  expect(app.unreported('t1').map((f) => [f.name, f.stage, f.refused?.zh])).toEqual([['图.svg', 'failed', '不接收网页或 SVG 文件']])
  await app.takeOut(app.held.value[0]!.id)
  expect(app.held.value).toEqual([])
})

it('a full device names the photo that it does not keep; what is kept and what was typed stay', async () => {
  const server = newServer()
  server.line = false
  const app = await openApp()
  await app.add('c', 't1', [photo('前.jpg')])
  const put = IDBObjectStore.prototype.add
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value: unknown) {
    if (this.name === 'bytes') throw new DOMException('full', 'QuotaExceededError')
    return put.call(this, value)
  })
  await app.add('c', 't1', [photo('后.jpg')])
  expect(app.held.value.map((f) => [f.name, f.kept])).toEqual([['前.jpg', true], ['后.jpg', false]])
  const closing = new Event('beforeunload', { cancelable: true })
  dispatchEvent(closing)
  expect(closing.defaultPrevented).toBe(true)
  // While the page is open it is sent like the others.
  server.line = true
  app.online()
  await vi.waitFor(() => expect(app.held.value.map((f) => f.stage)).toEqual(['done', 'done']), 5000)
  vi.restoreAllMocks()
  await closeApp()
  const again = await openApp()
  expect(names(again.held.value)).toEqual(['前.jpg'])
  // No room for the act either: it is not begun, and its form keeps what was typed.
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  const store = localStorage
  vi.stubGlobal('localStorage', { getItem: (key: string) => store.getItem(key), removeItem: (key: string) => store.removeItem(key), setItem: full })
  await expect(again.report()).rejects.toMatchObject({ status: 507 })
  vi.stubGlobal('localStorage', store)
  expect([again.outbox.value.length, server.deeds.length, names(again.unreported('t1'))]).toEqual([0, 0, ['前.jpg']])
})

it('photos that the server swept because their report waited too long are sent anew', async () => {
  const server = newServer()
  const app = await openApp()
  await app.add('c', 't1', [photo('后.jpg')])
  await vi.waitFor(() => expect(app.held.value[0]!.stage).toBe('done'))
  server.uploads.clear()
  expect(await app.report()).toBeNull()
  await vi.waitFor(() => expect(server.deeds.length).toBe(1), 5000)
  expect(server.deeds[0]!.body.attachment_ids!.map((a) => server.uploads.get(a)!.name)).toEqual(['后.jpg'])
})

it('a report whose photos were cleared from the device does not go out as if it had none', async () => {
  const server = newServer()
  server.line = false
  let app = await openApp()
  await app.add('c', 't1', [photo('后.jpg')])
  await app.report()
  await closeApp()
  vi.stubGlobal('indexedDB', new IDBFactory())
  server.line = true
  app = await openApp()
  await app.send()
  expect(app.outbox.value[0]!.refused).toBeTruthy()
  expect(server.deeds).toEqual([])
  await app.again(app.outbox.value[0]!)
  expect(server.deeds.map((d) => d.body.attachment_ids)).toEqual([[]])
})

it('what waits belongs to its person: the next one sees nothing of it, and signing out wipes it', async () => {
  const server = newServer()
  server.line = false
  const app = await openApp()
  await app.add('c', 't1', [photo('前.jpg'), photo('后.jpg')])
  await app.report(app.held.value.slice(0, 1))
  await app.enter('u2')
  expect([app.held.value.length, app.outbox.value.length]).toEqual([0, 0])
  await app.enter('u1')
  expect([names(app.held.value), names(app.unreported('t1'))]).toEqual([['前.jpg', '后.jpg'], ['后.jpg']])
  await app.wipe()
  await app.enter('u2')
  await app.enter('u1')
  expect([app.held.value.length, app.outbox.value.length, localStorage.getItem('chengjing.outbox')]).toEqual([0, 0, null])
})
