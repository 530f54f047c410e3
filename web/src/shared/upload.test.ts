// Files on their way, against a server that keeps what it acknowledged and is not always there.
import { flushPromises } from '@vue/test-utils'
import { createHash } from 'node:crypto'
import { beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '@/api/problem'
import type { Attachment } from '@/api/types'
import { h, ref } from 'vue'
import { inside, stand } from '@/testing/fake'
import Attachments from './Attachments.vue'
import FileDrop from './FileDrop.vue'
import PhotoPick from './PhotoPick.vue'
import { fileSize } from './files'
import { t } from './i18n'
import { send, useUploads, type UploadStage } from './upload'

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

type Fate = 'ok' | 'lost before' | 'lost after' | 507
/** A server with uploads, whose next answers go as `fates` say. */
function uploadServer(...fates: Fate[]) {
  const uploads = new Map<string, { size: number; name: string; bytes: Uint8Array }>()
  const seen: string[] = []
  let promised: string | null = null
  const body = (id: string) => {
    const u = uploads.get(id)!
    const whole = u.bytes.length === u.size
    const sha256 = whole ? createHash('sha256').update(u.bytes).digest('hex') : ''
    return { id, name: u.name, size: u.size, offset: u.bytes.length, state: whole ? 'complete' : 'open', problem: null, expires_at: '', attachment: whole ? attachment({ id, sha256, name: u.name }) : null }
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

const watch = () => {
  const stages: UploadStage[] = []
  const stop = new AbortController()
  return { stages, stop, watch: { signal: stop.signal, told: (stage: UploadStage) => void (stages.at(-1) === stage || stages.push(stage)) } }
}

it('a file is sent in pieces that grow, and the server is told its hash in advance', async () => {
  const server = uploadServer()
  const [f, w] = [file(2 * MIB + 5), watch()]
  const got = await send('c', f, w.watch)
  expect(got.sha256).toBe(await hashOf(f))
  expect(server.promised()).toBe(got.sha256)
  expect(server.seen).toEqual(['POST', 'PATCH 0', `PATCH ${MIB}`])
  expect(w.stages).toEqual(['hashing', 'sending', 'done'])
  expect(localStorage.length).toBe(0)
})

it('it goes on where it was, whether a piece or only its answer was lost, as soon as the network is back', async () => {
  const server = uploadServer('ok', 'lost before', 'lost after')
  const [f, w] = [file(2 * MIB), watch()]
  const sent = send('c', f, w.watch)
  const waiting = async (times: number) => vi.waitFor(() => expect(w.stages.filter((s) => s === 'waiting').length).toBe(times))
  await waiting(1)
  dispatchEvent(new Event('online'))
  await waiting(2)
  dispatchEvent(new Event('online'))
  expect((await sent).sha256).toBe(await hashOf(f))
  // Half a piece after the first loss, and nothing twice.
  expect(server.seen.filter((s) => s.startsWith('PATCH')).slice(0, 3)).toEqual(['PATCH 0', `PATCH ${MIB}`, `PATCH ${MIB}`])
})

it('a file chosen again after the page was closed goes on with the same upload', async () => {
  const server = uploadServer('ok', 507)
  const f = file(2 * MIB)
  await expect(send('c', f, watch().watch)).rejects.toMatchObject({ status: 507 })
  expect(localStorage.length).toBe(1)
  await send('c', f, watch().watch)
  expect(server.uploads.size).toBe(1)
  expect(server.seen.slice(-3)).toEqual(['POST', 'GET', `PATCH ${MIB}`])
  server.uploads.clear()
  localStorage.setItem(`chengjing.upload.c.${f.size}.1.${f.name}`, 'forgotten')
  uploadServer()
  await send('c', f, watch().watch)
})

it('where the browser can’t, a file is hashed while it is sent, and other bytes than were sent are found out', async () => {
  const server = uploadServer('ok', 'lost after')
  const f = file(2 * MIB + 77, '现场.mp4', 'video/mp4')
  const whole = await hashOf(f)
  // As on plain http.
  vi.stubGlobal('crypto', { getRandomValues: (b: Uint8Array) => b.map(() => Math.random() * 256) })
  setTimeout(() => dispatchEvent(new Event('online')), 300)
  expect((await send('c', f, watch().watch)).sha256).toBe(whole)
  expect(server.promised()).toBeNull()
  const fetched = globalThis.fetch
  vi.stubGlobal('fetch', async (r: Request) => {
    const answer = await fetched(r)
    return new Response((await answer.text()).replace(whole, 'f'.repeat(64)), { status: answer.status, headers: answer.headers })
  })
  await expect(send('c', f, watch().watch)).rejects.toBeInstanceOf(Problem)
}, 20_000)

it('what is refused says why, can be tried again and taken out; what was stopped says nothing', async () => {
  uploadServer()
  const arrived: string[][] = []
  const { result, wrapper } = await inside(() => useUploads(() => 'c', (all) => arrived.push(all.map((a) => a.name))))
  result.add([file(10, '图.svg', 'image/svg+xml'), file(10)])
  expect(result.busy.value).toBe(true)
  await vi.waitFor(() => expect(result.busy.value).toBe(false))
  expect(result.items.map((i) => [i.stage, i.problem?.faults[0]?.zh])).toEqual([['failed', '不接收网页或 SVG 文件'], ['done', undefined]])
  result.retry(result.items[0]!)
  await vi.waitFor(() => expect(result.items[0]!.stage).toBe('failed'))
  result.remove(result.items[0]!)
  expect(result.items.length).toBe(1)
  expect(arrived.at(-1)).toEqual(['整治后.jpg'])
  result.add([file(3 * MIB, '另一张.jpg')])
  result.remove(result.items[1]!)
  await flushPromises()
  expect([result.items.length, localStorage.length]).toEqual([1, 0])
  wrapper.unmount()
})

it('at the desk files are dropped, pasted or chosen, and the form learns their ids', async () => {
  uploadServer()
  const told: { ids?: string[]; busy?: boolean } = {}
  const { wrapper } = await stand({ render: () => h(FileDrop, { campaign: 'c', most: 2, 'onUpdate:ids': (v: string[]) => (told.ids = v), 'onUpdate:busy': (v: boolean) => (told.busy = v) }) })
  const dropped = { files: [file(10), file(20, '台账.xlsx', ''), file(30)] }
  await wrapper.find('label').trigger('drop', { dataTransfer: dropped })
  expect(wrapper.text()).toContain(t('files.tooMany', { n: 2 }))
  await vi.waitFor(() => expect(told.ids?.length).toBe(2))
  await flushPromises()
  expect(told.busy).toBe(false)
  expect(wrapper.findAll('li').map((li) => li.text())).toEqual([expect.stringContaining(t('files.done')), expect.stringContaining('台账.xlsx')])
  await wrapper.find(`[aria-label="${t('files.remove', { name: '台账.xlsx' })}"]`).trigger('click')
  expect(told.ids?.length).toBe(1)
  await wrapper.find('.files').trigger('paste', { clipboardData: { files: [file(5, '截图.png', 'image/png')] } })
  await vi.waitFor(() => expect(told.ids?.length).toBe(2))
  wrapper.unmount()
})

it('on the phone the camera is one touch away, and the album takes many', async () => {
  uploadServer()
  const { wrapper } = await stand({ render: () => h(PhotoPick, { campaign: 'c' }) })
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
    attachment({ id: 'f', name: '刚拍.jpg', picture: { ...none, state: 'waiting' } }),
  ])
  const { wrapper } = await stand({ render: () => h(Attachments, { campaign: 'c', items: items.value }) })
  const tiles = wrapper.findAll('li')
  expect(tiles[0]!.find('img').attributes('src')).toBe('/api/v1/campaigns/c/attachments/a/thumbnail')
  expect(tiles[1]!.text()).toContain(t('files.too_many_pixels'))
  expect(tiles[2]!.find('a').attributes()).toMatchObject({ href: '/api/v1/campaigns/c/attachments/d/content', target: '_blank', rel: 'noopener' })
  expect(tiles[4]!.text()).toContain(t('files.looking'))
  expect(tiles.map((li) => li.findAll('p').at(-1)!.text())).toEqual(['2.4 MB', '2.4 MB', '900 B', '2.4 MB', '2.4 MB'])
  // The light table walks over what can be shown: the photograph and the video.
  await tiles[0]!.find('button').trigger('click')
  const light = wrapper.find('dialog')
  expect(light.find('img').attributes('src')).toBe('/api/v1/campaigns/c/attachments/a/content')
  expect(light.text()).toContain(t('files.place', { n: '1', total: '2' }))
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
