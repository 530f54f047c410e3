// The office makes letters and the bulletin and brings a template of its own; a liaison gets their own unit's letter only.
import type { Browser, Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { bears, expect, signInAs, test, type Server } from './house'

async function person(browser: Browser, server: Server, role: string) {
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
  const page = await context.newPage()
  return { context, page, home: await signInAs(page, role) }
}

/** Does what has a file made and waits for it: it goes to the browser by itself. */
async function file(page: Page, order: () => Promise<void>) {
  const coming = page.waitForEvent('download', { timeout: 60_000 })
  await order()
  const download = await coming
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

test('the office makes the letters of all units and the bulletin of the week, and finds them again', async ({ browser, server }) => {
  const { context, page, home } = await person(browser, server, 'office')
  await page.goto('/')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '文件', exact: true }).click()
  await expect(page.getByText('还没有做过文件')).toBeVisible()
  await bears(page)
  const letters = page.getByRole('region', { name: '目标责任书' })

  await test.step('all letters come packed, one for each unit', async () => {
    const { name, bytes } = await file(page, () => letters.getByRole('button', { name: /Word/ }).click())
    expect(name).toBe('清水县创建文明城市目标责任书_docx.zip')
    for (const unit of ['县教育局', '县城管局', '城关镇']) expect(bytes.includes(Buffer.from(`${unit}.docx`)), unit).toBe(true)
  })

  await test.step('one letter as a PDF', async () => {
    await letters.getByRole('combobox').click()
    await page.getByRole('option', { name: '县教育局', exact: true }).click()
    const { name, bytes } = await file(page, () => letters.getByRole('button', { name: /PDF/ }).click())
    expect(name).toMatch(/^目标责任书_\d{3}_县教育局\.pdf$/)
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
  })

  await test.step('the bulletin of the week is put together once', async () => {
    const bulletins = page.getByRole('region', { name: '工作进度周报' })
    await bulletins.getByRole('button', { name: '汇总本周' }).click()
    await expect(bulletins.getByText('第 1 期')).toBeVisible()
    await bulletins.getByRole('button', { name: '汇总本周' }).click()
    await expect(bulletins.getByRole('listitem')).toHaveCount(1)
    await bears(page)
    const { name } = await file(page, () => bulletins.getByRole('button', { name: 'Word' }).click())
    expect(name).toBe('清水县创建文明城市工作进度周报第1期.docx')
  })

  await test.step('what was made waits on the page, also after it was left', async () => {
    await page.goto(`${home}/overview`)
    await page.goto(`${home}/documents`)
    const done = page.getByRole('region', { name: '做好的文件' })
    await expect(done.getByRole('listitem')).toHaveCount(3)
    await bears(page)
    const { bytes } = await file(page, () => done.getByRole('button', { name: '下载 清水县创建文明城市目标责任书_docx.zip' }).click())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
  })
  await context.close()
})

test('a template of the office: its faults are told with their lines, a sound one is used, and put away again', async ({ browser, server }) => {
  const { context, page, home } = await person(browser, server, 'office')
  await page.goto(`${home}/documents/templates`)
  await bears(page)
  const card = page.getByRole('region', { name: '目标责任书 · PDF 模板（typst）' })
  const bring = (name: string, text: string) => card.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await bring('ours.typ', '#let data = json("data.json")\n\n#data.nobody\n')
  await expect(card.getByRole('alert')).toContainText('模板有 1 处问题')
  await expect(card.getByRole('cell', { name: 'main.typ:3' })).toBeVisible()
  await bears(page)
  await bring('ours.typ', '#import "official.typ": *\n#let data = json("data.json")\n#show: official\n#title[致#data.unit]\n')
  await expect(card.getByText('第 1 版')).toBeVisible()
  await expect(card.getByRole('alert')).toHaveCount(0)
  const { name, bytes } = await file(page, () => card.getByRole('listitem').first().getByRole('button', { name: '样张' }).click())
  expect([name, bytes.subarray(0, 5).toString()]).toEqual(['目标责任书-样张.pdf', '%PDF-'])
  await card.getByRole('button', { name: '恢复内置模板' }).click()
  await expect(card.getByRole('button', { name: '启用' })).toBeVisible()
  await bears(page)
  await page.goto(`${home}/ledger`)
  await expect(page.getByText('上传了模板“ours.typ”')).toBeVisible()
  await context.close()
})

test('a liaison gets the letter of their own unit, a leader the bulletin, and neither what is not theirs', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const campaign = office.home.slice(3)
  const inside = (rest: string) => `/api/v1/campaigns/${campaign}/${rest}`
  const { items } = (await (await office.page.request.get(inside('units?limit=200'))).json()) as { items: { id: string; name: string }[] }
  const id = (name: string) => items.find((u) => u.name === name)!.id
  const bulletin = (await (await office.page.request.post(inside('bulletins'), { data: { week_on: '2026-07-06' } })).json()) as { id: string }

  const liaison = await person(browser, server, 'liaison')
  await liaison.page.goto(`${liaison.home}/units/${id('县教育局')}`)
  const { name } = await file(liaison.page, async () => {
    await liaison.page.getByRole('button', { name: '责任书' }).click()
    await liaison.page.getByRole('menuitem', { name: /Word/ }).click()
  })
  expect(name).toMatch(/县教育局\.docx$/)
  await liaison.page.goto(`${liaison.home}/units/${id('县城管局')}`)
  await expect(liaison.page.getByRole('heading', { name: '县城管局' })).toBeVisible()
  await expect(liaison.page.getByRole('button', { name: '责任书' })).toHaveCount(0)
  const foreign = await liaison.page.request.post(inside('letters'), { data: { form: 'docx', unit_id: id('县城管局') } })
  expect(foreign.status()).toBe(404)
  await liaison.page.goto(`${liaison.home}/documents`)
  await expect(liaison.page.getByRole('region', { name: '工作进度周报' })).toHaveCount(0)
  await bears(liaison.page)
  await liaison.page.goto(`${liaison.home}/documents/templates`)
  await expect(liaison.page.getByRole('heading', { name: '没有这个页面' })).toBeVisible()

  const leader = await person(browser, server, 'leader')
  await leader.page.goto(`${leader.home}/documents`)
  const bulletins = leader.page.getByRole('region', { name: '工作进度周报' })
  await expect(bulletins.getByText('第 1 期')).toBeVisible()
  await expect(bulletins.getByRole('button', { name: /汇总/ })).toHaveCount(0)
  await bears(leader.page)
  const { bytes } = await file(leader.page, () => bulletins.getByRole('button', { name: 'PDF' }).click())
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')

  const outsider = await person(browser, server, 'public')
  for (const [method, rest] of [['get', 'bulletins'], ['get', `bulletins/${bulletin.id}`], ['post', 'letters'], ['get', 'templates/letter/docx']] as const) {
    const answer = await outsider.page.request[method](inside(rest), method === 'post' ? { data: { form: 'docx' } } : {})
    expect([403, 404], rest).toContain(answer.status())
  }
  for (const one of [office, liaison, leader, outsider]) await one.context.close()
})
