// A material in two campaigns: filed once, used in the other one, reviewed there, mended once.
import { randomUUID } from 'node:crypto'
import { bears, expect, person, phone, shot, test, type Server } from './house'
import type { Browser, Page } from '@playwright/test'

test.use({ apart: 'carried' })

const password = 'Hegu.liushi8'
const unitName = '县教育局'

/** The county strives for a second title: its campaign, with one unit and the standard of hygiene cities. */
async function second(admin: Page): Promise<{ id: string; unit: string }> {
  const send = async (path: string, data?: object, headers: Record<string, string> = {}) => {
    const answer = await admin.request.post(`/api/v1${path}`, { ...(data ? { data } : {}), headers: { 'Idempotency-Key': randomUUID(), ...headers } })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as { id: string; version: number; standard: { id: string } }
  }
  const { id } = await send('/campaigns', { name: '清水县创建国家卫生县', place: '清水县', kind: '卫生城市', year: 2026 })
  const unit = await send(`/campaigns/${id}/units`, { name: unitName, kind: 'department' })
  const draft = await send(`/shipped-standards/hygiene-city?campaign=${id}`)
  await send(`/standards/${draft.standard.id}/editions/${draft.id}/publication`, undefined, { 'If-Match': `"v${draft.version}"` })
  await send(`/campaigns/${id}/standards`, { edition_id: draft.id })
  return { id, unit: unit.id }
}

async function somebody(admin: Page, browser: Browser, server: Server, name: string, display_name: string, grants: object[]) {
  const made = await admin.request.post('/api/v1/users', { data: { name, display_name, password, must_change_password: false, grants } })
  expect(made.status()).toBe(201)
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
  const page = await context.newPage()
  expect((await page.request.post('/api/v1/session', { data: { name, password } })).ok()).toBe(true)
  return page
}

test('a material is filed once, used in another campaign, reviewed there, and mended once', async ({ browser, server }) => {
  const admin = await person(browser, server, 'system_admin')
  const office = await person(browser, server, 'office')
  const here = office.home.slice(3)
  const there = await second(admin.page)
  const { items } = (await (await office.page.request.get(`/api/v1/campaigns/${here}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
  const own = items.find((u) => u.name === unitName)!.id
  const page = await somebody(admin.page, browser, server, 'shenliangchu', '沈两处', [
    { role: 'liaison', campaign_id: here, unit_id: own },
    { role: 'liaison', campaign_id: there.id, unit_id: there.unit },
  ])
  const title = '校园垃圾分类主题日'
  let source = ''

  await test.step('it is filed once, in the first campaign', async () => {
    await page.goto(`/c/${here}/evidence/new`)
    await page.locator('input[type=file]').setInputFiles([shot('IMG_1.jpg', 31), shot('IMG_2.jpg', 32)])
    await page.getByLabel('标题').fill(title)
    await page.getByLabel('日期').fill('2026-06-20')
    await page.getByLabel('添加一项要求').selectOption({ label: 'Ⅲ-103 垃圾分类' })
    for (const [field, text] of [['时间', '6月20日'], ['地点', '县一中'], ['内容', '分类投放']] as const) await page.getByLabel(`图片说明 · ${field}`).fill(text)
    await expect(page.getByText('已收到，内容一致')).toHaveCount(2)
    await page.getByRole('button', { name: '报送', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    source = page.url()
  })

  await test.step('it is used in the other one, for what is the same requirement there', async () => {
    await page.getByRole('button', { name: '用于其他创建项目' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('创建项目')).toHaveValue(there.id)
    await expect(dialog.getByRole('checkbox', { name: /垃圾分类/ })).toBeChecked()
    await bears(page)
    await dialog.getByRole('button', { name: '用于该项目' }).click()
    await expect(page).toHaveURL(new RegExp(`/c/${there.id}/evidence/`))
    await expect(page.getByText('取自 清水县', { exact: false })).toBeVisible()
    await expect(page.getByRole('region', { name: '用于的要求' }).getByText('待审核')).toHaveCount(1)
    await bears(page)
    await page.setViewportSize(phone)
    await bears(page)
    await page.setViewportSize({ width: 1280, height: 800 })
  })
  const copy = page.url()

  await test.step('the reviewer there accepts it, with its files, and knows nothing of the first campaign', async () => {
    const reviewer = await somebody(admin.page, browser, server, 'hewuwu', '贺无误', [{ role: 'reviewer', campaign_id: there.id }])
    await reviewer.goto(copy)
    await expect(reviewer.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(reviewer.getByText('取自')).toHaveCount(0)
    const at = `/api/v1/campaigns/${there.id}`
    const { files } = (await (await reviewer.request.get(`${at}/evidence/${copy.split('/').at(-1)}`)).json()) as { files: { id: string; sha256: string }[] }
    expect(files.length).toBe(2)
    for (const file of files) expect((await reviewer.request.get(`${at}/attachments/${file.id}/content`)).status()).toBe(200)
    expect((await reviewer.request.get(`/api/v1/campaigns/${here}/evidence/${source.split('/').at(-1)}`)).status()).toBe(404)
    await reviewer.goto(`/c/${there.id}/evidence/reviews`)
    await reviewer.getByRole('navigation', { name: '材料审核' }).getByRole('button', { name: new RegExp(title) }).click()
    await expect(reviewer.getByRole('button', { name: '通过', exact: true })).toBeVisible()
    await reviewer.getByRole('group', { name: '等级' }).getByRole('button', { name: 'A' }).click()
    await reviewer.keyboard.press('a')
    await expect(reviewer.getByRole('navigation', { name: '材料审核' }).getByRole('button', { name: new RegExp(title) })).toHaveCount(0)
  })

  await test.step('it is mended at its source, and the other campaign takes the newer version over', async () => {
    await page.goto(source)
    await expect(page.getByText(`用于 清水县创建国家卫生县（${unitName}）`)).toBeVisible()
    await page.getByRole('button', { name: '补充材料' }).click()
    await page.locator('input[type=file]').setInputFiles([shot('IMG_3.jpg', 33)])
    await expect(page.getByText('已收到，内容一致')).toHaveCount(1)
    await page.getByRole('button', { name: '提交新版' }).click()
    await expect(page.getByText('用的是第 1 版')).toBeVisible()
    await page.goto(copy)
    await expect(page.getByText('原材料有新版本：第 2 版，这里用的是第 1 版。')).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '取用新版本' }).click()
    await expect(page.getByText('原材料有新版本')).toHaveCount(0)
    const links = page.getByRole('region', { name: '用于的要求' })
    await expect(links.getByText('待审核')).toHaveCount(1)
    await expect(links.getByText(/通过第 1 版/)).toBeVisible()
    await page.getByRole('button', { name: '用于其他创建项目' }).click()
    await expect(page.getByText('您没有其他正在进行、可以报送材料的创建项目。')).toBeVisible()
  })
})
