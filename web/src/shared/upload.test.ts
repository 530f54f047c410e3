// Files on their way, against a server that keeps what it acknowledged and is not always there.
import { flushPromises } from '@vue/test-utils'
import { createHash } from 'node:crypto'
import { beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '@/api/problem'
import type { Attachment } from '@/api/types'
import { h, ref } from 'vue'
import { stand } from '@/testing/fake'
import Attachments from './Attachments.vue'
import FileDrop from './FileDrop.vue'
import PhotoPick from './PhotoPick.vue'
import { fileSize } from './files'
import { t } from './i18n'
import { send, type Parcel, type Sending, type UploadStage } from './upload'

beforeEach(() => {
  localStorage.clear()
  vi.useRealTimers()
})

const MIB = 1024 * 1024
const file = (size: number, name = '整治后.jpg', type = 'image/jpeg') => new File([Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 10)) % 251)], name, { type, lastModified: 1 })
const hashOf = async (f: File) => createHash('sha256').update(new Uint8Array(await f.arrayBuffer())).digest('hex')

const attachment = (over: Partial<Attachment> = {}): Attachment => ({
  id: 'u1',
  name: '整治后.jpg',
  kind: 'jpeg',
  media_type: 'image/jpeg',
  size: 2_500_000,
  sha256: '',
  uploaded_by: { id: 'p', display_name: '王芳' },
  created_at: '2026-06-05T08:00:00Z',
  picture: { state: 'seen', width: 4000, height: 3000, taken_at: '2026-06-05T02:00:00Z', latitude: null, longitude: null, no_thumbnail: null },
  subject: null,
  version: 1,
  ...over,
})

type Fate = 'ok' | 'lost before' | 'lost after' | 'given up' | 507
/** A server with uploads, whose next answers go as `fates` say. */
function uploadServer(...fates: Fate[]) {
  const uploads = new Map<string, { size: number; name: string; bytes: Uint8Array; over?: boolean }>()
  const seen: string[] = []
  let promised: string | null = null
  const body = (id: string) => {
    const u = uploads.get(id)!
    const whole = u.bytes.length === u.size && !u.over
    const sha256 = whole ? createHash('sha256').update(u.bytes).digest('hex') : ''
    return { id, name: u.name, size: u.size, offset: u.bytes.length, state: whole ? 'complete' : u.over ? 'given_up' : 'open', problem: null, expires_at: '', attachment: whole ? attachment({ id, sha256, name: u.name }) : null }
  }
  const json = (status: number, value: unknown) => new Response(JSON.stringify(value), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } })
  vi.stubGlobal('fetch', async (request: Request) => {
    const id = new URL(request.url).pathname.split('/')[6] ?? ''
    seen.push(`${request.method} ${request.headers.get('upload-offset') ?? ''}`.trim())
    if (request.method === 'POST') {
      const key = request.headers.get('idempotency-key')!
      const wish = (await request.json()) as { name: string; size: number; sha256: string | null }
      promised = wish.sha256
      if (wish.name.endsWith('.svg')) return json(422, { title: '有误', faults: [{ path: 'name', zh: '不接收网页或 SVG 文件', en: 'no SVG' }] })
      if (!uploads.has(key)) uploads.set(key, { ...wish, bytes: new Uint8Array() })
      return json(201, { ...body(key), offset: 0, state: 'open', attachment: null })
    }
    if (!uploads.has(id)) return json(404, { title: '没有' })
    if (request.method === 'GET') return json(200, body(id))
    const fate = fates.shift() ?? 'ok'
    const u = uploads.get(id)!
    if (fate === 'lost before') throw new TypeError('Failed to fetch')
    if (fate === 'given up') {
      u.over = true
      throw new TypeError('Failed to fetch')
    }
    if (fate === 507) return json(507, { title: '服务器磁盘已满', title_en: 'disk full' })
    if (Number(request.headers.get('upload-offset')) !== u.bytes.length) return json(409, { title: '从别处接着传', offset: u.bytes.length })
    const [before, more] = [u.bytes, new Uint8Array(await request.arrayBuffer())]
    u.bytes = new Uint8Array(before.length + more.length)
    u.bytes.set(before)
    u.bytes.set(more, before.length)
    if (fate === 'lost after') throw new TypeError('Failed to fetch')
    return json(200, body(id))
  })
  return { uploads, seen, promised: () => promised }
}

/** A file as the device keeps it, with what is remembered of it. */
function parcel(f: File): Parcel {
  const own: Parcel = { name: f.name, bytes: f, hash: null, upload: null, remember: async (more) => Object.assign(own, more) }
  return own
}
const watch = () => {
  const stages: UploadStage[] = []
  const stop = new AbortController()
  return { stages, stop, watch: { signal: stop.signal, told: (stage: UploadStage) => void (stages.at(-1) === stage || stages.push(stage)) } }
}

it('a file is sent in pieces that grow, and the server is told its hash in advance', async () => {
  const server = uploadServer()
  const [f, w] = [file(2 * MIB + 5), watch()]
  const got = await send('c', parcel(f), w.watch)
  expect(got.sha256).toBe(await hashOf(f))
  expect(server.promised()).toBe(got.sha256)
  expect(server.seen).toEqual(['POST', 'PATCH 0', `PATCH ${MIB}`])
  expect(w.stages).toEqual(['hashing', 'sending', 'done'])
})

it('it goes on where it was, whether a piece or only its answer was lost, as soon as the network is back', async () => {
  const server = uploadServer('ok', 'lost before', 'lost after')
  const [f, w] = [file(2 * MIB), watch()]
  const sent = send('c', parcel(f), w.watch)
  const waiting = async (times: number) => vi.waitFor(() => expect(w.stages.filter((s) => s === 'waiting').length).toBe(times))
  await waiting(1)
  dispatchEvent(new Event('online'))
  await waiting(2)
  dispatchEvent(new Event('online'))
  expect((await sent).sha256).toBe(await hashOf(f))
  // Half a piece after the first loss, and nothing twice.
  expect(server.seen.filter((s) => s.startsWith('PATCH')).slice(0, 3)).toEqual(['PATCH 0', `PATCH ${MIB}`, `PATCH ${MIB}`])
})

it('what was begun before the page was closed goes on with the same upload; one that the server forgot begins anew', async () => {
  const server = uploadServer('ok', 507)
  const p = parcel(file(2 * MIB))
  await expect(send('c', p, watch().watch)).rejects.toMatchObject({ status: 507 })
  const hash = p.hash
  expect([p.upload, hash]).toEqual([[...server.uploads.keys()][0], await hashOf(file(2 * MIB))])
  await send('c', p, watch().watch)
  expect(server.uploads.size).toBe(1)
  expect(server.seen.slice(-3)).toEqual(['POST', 'GET', `PATCH ${MIB}`])
  // Whole, and its answer was lost with the page: nothing is sent twice.
  server.seen.length = 0
  await send('c', p, watch().watch)
  expect(server.seen).toEqual(['POST', 'GET'])
  // Left for so long that the server gave it up.
  server.uploads.get(p.upload!)!.over = true
  const old = p.upload
  await send('c', p, watch().watch)
  expect(p.upload).not.toBe(old)
})

it('an upload that the server gave up while the page waited for the network begins anew, once', async () => {
  const server = uploadServer('ok', 'given up')
  const [p, w] = [parcel(file(2 * MIB)), watch()]
  const sent = send('c', p, w.watch)
  await vi.waitFor(() => expect(w.stages).toContain('waiting'))
  dispatchEvent(new Event('online'))
  expect((await sent).sha256).toBe(p.hash)
  expect(server.uploads.size).toBe(2)
})

it('where the browser can’t, a file is hashed while it is sent, and other bytes than were sent are found out', async () => {
  const server = uploadServer('ok', 'lost after')
  const f = file(2 * MIB + 77, '现场.mp4', 'video/mp4')
  const whole = await hashOf(f)
  // As on plain http.
  vi.stubGlobal('crypto', { getRandomValues: (b: Uint8Array) => b.map(() => Math.random() * 256) })
  setTimeout(() => dispatchEvent(new Event('online')), 300)
  expect((await send('c', parcel(f), watch().watch)).sha256).toBe(whole)
  expect(server.promised()).toBeNull()
  const fetched = globalThis.fetch
  vi.stubGlobal('fetch', async (r: Request) => {
    const answer = await fetched(r)
    return new Response((await answer.text()).replace(whole, 'f'.repeat(64)), { status: answer.status, headers: answer.headers })
  })
  await expect(send('c', parcel(f), watch().watch)).rejects.toBeInstanceOf(Problem)
}, 20_000)

const sending = (over: Partial<Sending>): Sending => ({ id: over.name ?? '整治后.jpg', name: '整治后.jpg', size: 10, preview: null, sent: 0, stage: 'waiting', problem: null, kept: true, ...over })

it('at the desk files are dropped, pasted or chosen, no more than fit, and each says how it is', async () => {
  const told: string[] = []
  const say = (what: string) => (v: File[] | string) => void told.push(`${what} ${typeof v === 'string' ? v : v.map((f) => f.name).join()}`)
  const items = [
    sending({ name: '图.svg', stage: 'failed', problem: new Problem(422, '不接收网页或 SVG 文件', 'no SVG') }),
    sending({ name: '大.jpg', stage: 'failed', problem: new Problem(507, '服务器磁盘已满', 'disk full') }),
    sending({ name: '满.jpg', stage: 'sending', sent: 5, kept: false }),
  ]
  const { wrapper } = await stand({ render: () => h(FileDrop, { items, most: 4, onAdd: say('add'), onRetry: say('retry'), onRemove: say('remove'), onSave: say('save') }) })
  expect(wrapper.findAll('li').map((li) => li.text())).toEqual([
    expect.stringContaining('不接收网页或 SVG 文件'),
    expect.stringContaining(t('act.retry')),
    expect.stringContaining(t('files.loose')),
  ])
  await wrapper.find('label').trigger('drop', { dataTransfer: { files: [file(10), file(20, '台账.xlsx', '')] } })
  expect(wrapper.text()).toContain(t('files.tooMany', { n: 4 }))
  await wrapper.find('.files').trigger('paste', { clipboardData: { files: [file(5, '截图.png', 'image/png')] } })
  // What the server will never take is not tried again, but can be saved before it is taken out.
  expect(wrapper.findAll('li')[0]!.text()).not.toContain(t('act.retry'))
  await wrapper.find(`[aria-label="${t('files.save', { name: '图.svg' })}"]`).trigger('click')
  await wrapper.find(`[aria-label="${t('files.remove', { name: '图.svg' })}"]`).trigger('click')
  await wrapper.findAll('li')[1]!.find('button').trigger('click')
  expect(told).toEqual(['add 整治后.jpg', 'add 截图.png', 'save 图.svg', 'remove 图.svg', 'retry 大.jpg'])
  wrapper.unmount()
})

it('on the phone the camera is one touch away, and the album takes many', async () => {
  const { wrapper } = await stand({ render: () => h(PhotoPick, { items: [] }) })
  const [camera, album] = wrapper.findAll('input').map((i) => i.attributes())
  expect([camera!['capture'], camera!['accept'], 'multiple' in camera!]).toEqual(['environment', 'image/*', false])
  expect(['capture' in album!, 'multiple' in album!]).toEqual([false, true])
  expect(wrapper.text()).toContain(t('files.camera'))
  wrapper.unmount()
})

it('attachments show thumbnails, names and sizes, and say why one has no picture', async () => {
  const none = { state: 'none', width: null, height: null, taken_at: null, latitude: null, longitude: null, no_thumbnail: null } as const
  const items = ref([
    attachment({ id: 'a' }),
    attachment({ id: 'b', name: '全景.png', kind: 'png', picture: { ...none, state: 'unseen', no_thumbnail: 'too_many_pixels' } }),
    attachment({ id: 'd', name: '方案.pdf', kind: 'pdf', size: 900, picture: none }),
    attachment({ id: 'e', name: '现场.mp4', kind: 'mp4', picture: none }),
    attachment({ id: 'z', name: '台账.zip', kind: 'zip', picture: none }),
    attachment({ id: 'f', name: '刚拍.jpg', picture: { ...none, state: 'waiting' } }),
  ])
  const { wrapper } = await stand({ render: () => h(Attachments, { campaign: 'c', items: items.value }) })
  const tiles = wrapper.findAll('li')
  expect(tiles[0]!.find('img').attributes('src')).toBe('/api/v1/campaigns/c/attachments/a/thumbnail')
  expect(tiles[1]!.text()).toContain(t('files.too_many_pixels'))
  expect(tiles[4]!.find('a').attributes()).toMatchObject({ href: '/api/v1/campaigns/c/attachments/z/content', download: '台账.zip' })
  expect(tiles[5]!.text()).toContain(t('files.looking'))
  expect(tiles.map((li) => li.findAll('p').at(-1)!.text())).toEqual(['2.4 MB', '2.4 MB', '900 B', '2.4 MB', '2.4 MB', '2.4 MB'])
  // The light table walks over what can be shown: the photograph, the PDF and the video.
  await tiles[0]!.find('button').trigger('click')
  await vi.waitFor(() => expect(wrapper.find('dialog img').exists()).toBe(true), { timeout: 5_000 })
  const light = wrapper.find('dialog')
  expect(light.find('img').attributes('src')).toBe('/api/v1/campaigns/c/attachments/a/content')
  expect(light.text()).toContain(t('files.place', { n: '1', total: '3' }))
  await light.trigger('keydown', { key: 'ArrowLeft' })
  expect(light.text()).toContain(t('files.place', { n: '1', total: '3' }))
  await light.findAll('footer button')[1]!.trigger('click')
  expect(light.text()).toContain('方案.pdf')
  await light.trigger('keydown', { key: 'ArrowRight' })
  expect(light.find('video').exists()).toBe(true)
  await light.find('video').trigger('error')
  expect(light.text()).toContain(t('files.cannotShow'))
  expect(light.find('.fetch').attributes('href')).toBe('/api/v1/campaigns/c/attachments/e/content')
  items.value = []
  await flushPromises()
  expect(wrapper.text()).toContain(t('files.none'))
  wrapper.unmount()
})

it('a size is told as people tell it', () => {
  expect([0, 900, 2048, 2_500_000, 120 * MIB, 3 * 1024 * MIB].map(fileSize)).toEqual(['0 B', '900 B', '2 KB', '2.4 MB', '120 MB', '3 GB'])
})
