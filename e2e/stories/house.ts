// What every story stands on: a server of its own, and the look that every page must bear.
import { expect, test as base, type Browser, type Page } from '@playwright/test'
import axe from 'axe-core'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = process.env['CHENGJING_BINARY'] ?? join(import.meta.dirname, '../../target/debug/chengjing')

export const freePort = () =>
  new Promise<number>((done) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const address = s.address()
      s.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })

export class Server {
  private process: ChildProcess | null = null
  readonly folder = mkdtempSync(join(tmpdir(), 'chengjing-story-'))
  constructor(
    private readonly command: 'serve' | 'demo',
    readonly port: number,
    /** What its environment says besides. */
    private readonly environment: Record<string, string> = {},
  ) {}
  get url() {
    return `http://127.0.0.1:${this.port}`
  }
  async start() {
    this.process = spawn(binary, [this.command, '--listen', `127.0.0.1:${this.port}`, '--data', join(this.folder, 'data')], { stdio: 'ignore', env: { ...process.env, ...this.environment } })
    await expect.poll(() => fetch(`${this.url}/healthz`).then((r) => r.ok, () => false), { timeout: 60_000 }).toBe(true)
  }
  async stop() {
    const ended = new Promise((done) => this.process?.once('exit', done))
    this.process?.kill('SIGTERM')
    await ended
  }
  remove() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

interface Login {
  role: string
  name: string
  password: string
}

export const test = base.extend<{ baseURL: string; parting: void }, { command: 'serve' | 'demo'; apart: string; server: Server }>({
  command: ['demo', { option: true, scope: 'worker' }],
  // Stories of a file that names itself have a county of their own: what they do to it, such as adding a campaign, is seen by
  // all. Two files that say the same share one, where the same worker comes to both.
  apart: ['', { option: true, scope: 'worker' }],
  server: [
    async ({ command }, use) => {
      const server = new Server(command, await freePort())
      await server.start()
      await use(server)
      await server.stop()
      server.remove()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  // Whoever a story brought in leaves with it: twenty pages that still listen to the server slow the stories that follow.
  parting: [
    async ({ browser }, use) => {
      await use()
      await Promise.all(browser.contexts().map((c) => c.close()))
    },
    { auto: true },
  ],
})
export { expect }

/** Signs in as one of the demo's people; returns the path of the campaign's pages. */
export async function signInAs(page: Page, role: string): Promise<string> {
  const { demo_logins: logins } = (await (await page.request.get('/api/v1/installation')).json()) as { demo_logins: Login[] }
  const { name, password } = logins.find((l) => l.role === role)!
  const session = await page.request.post('/api/v1/session', { data: { name, password } })
  expect(session.ok()).toBe(true)
  const { campaigns } = (await session.json()) as { campaigns: { id: string }[] }
  return `/c/${campaigns[0]?.id}`
}

/**
 * Signs out on the page of one's own account. That page has a heading 登录的设备, and who goes on before the session has
 * ended is still signed in: so the field of the login page is waited for.
 */
export async function signOut(page: Page) {
  await page.goto('/account')
  await page.getByRole('button', { name: '退出登录' }).click()
  await expect(page.getByLabel('用户名')).toBeVisible()
}

/** A page that anybody can use: nothing for axe to find, nothing wider than the screen. */
export async function bears(page: Page) {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByRole('status', { name: /正在读取|Loading/ })).toHaveCount(0)
  // A button at work changes its colours when it is done, perhaps just while axe reads them.
  await expect(page.locator('button[aria-busy="true"]')).toHaveCount(0)
  // What slides in is not yet what it will look like.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => undefined))))
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(on: Document, how: object): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }> } }).axe.run(document, { resultTypes: ['violations'] })
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)
  })
  expect(found, page.url()).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0)
}

/** Selects a stretch of the plan's text as a hand would. */
export async function select(page: Page, words: string) {
  await page.getByRole('region', { name: '方案文字' }).evaluate((pane, words) => {
    const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(words) ?? -1
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + words.length)
      node.parentElement?.scrollIntoView({ block: 'center' })
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(range)
      node.parentElement?.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }))
      return
    }
    throw new Error(`not in the text: ${words}`)
  }, words)
}

/** A person of their own in their own browser. */
export async function person(browser: Browser, server: Server, role: string, viewport?: { width: number; height: number }) {
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', ...(viewport ? { viewport } : {}) })
  const page = await context.newPage()
  const home = await signInAs(page, role)
  return { context, page, home }
}

/** Adds a duty for that unit by hand, as the office; its title is how the story finds it again. */
export async function assign(office: Page, home: string, title: string, unit: string) {
  const campaign = home.slice(3)
  const { items } = (await (await office.request.get(`/api/v1/campaigns/${campaign}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
  const id = items.find((u) => u.name === unit)!.id
  const data = { title, text: title, units: [{ id, role: 'responsible' }], due: '2026-07-09' }
  const answer = await office.request.post(`/api/v1/campaigns/${campaign}/duties`, { data, headers: { 'Idempotency-Key': crypto.randomUUID() } })
  expect(answer.status()).toBe(201)
  return ((await answer.json()) as { id: string }).id
}

/** A phone's screen. */
export const phone = { width: 390, height: 844 }

/** A photograph as a phone's camera takes it; each colour has other bytes. */
export function shot(name: string, colour: number): { name: string; mimeType: string; buffer: Buffer } {
  // A whole JPEG of one grey pixel; what follows its end makes it another file of a photograph's size.
  const pixel = Buffer.from('/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z', 'base64')
  return { name, mimeType: 'image/jpeg', buffer: Buffer.concat([pixel, Buffer.alloc(1_500_000, colour)]) }
}
