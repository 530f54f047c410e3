// What was measured: filed with a report, shown as reached or not, corrected without being lost; many duties changed at once;
// deadlines in a calendar.
import type { Browser, Page } from '@playwright/test'
import { bears, expect, signInAs, test, type Server } from './house'

async function person(browser: Browser, server: Server, role: string) {
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
  const page = await context.newPage()
  return { context, page, home: await signInAs(page, role) }
}

async function unitId(office: Page, campaign: string, name: string) {
  const { items } = (await (await office.request.get(`/api/v1/campaigns/${campaign}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
  return items.find((u) => u.name === name)!.id
}

test('a unit files what it measured with its progress, corrects it, and the office sees the target reached', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const campaign = office.home.slice(3)
  const title = '增设学校周边减速带'
  const id = await unitId(office.page, campaign, '县教育局')
  const data = { title, text: title, units: [{ id, role: 'responsible' }], due: '2026-07-31', targets: [{ subject: '减速带', comparator: '>=', value: 30, unit: '处' }] }
  const made = await office.page.request.post(`/api/v1/campaigns/${campaign}/duties`, { data, headers: { 'Idempotency-Key': crypto.randomUUID() } })
  expect(made.status()).toBe(201)
  const duty = ((await made.json()) as { id: string }).id
  const { page } = await person(browser, server, 'liaison')
  await page.goto('/')
  await page.getByRole('link', { name: title }).click()
  const open = page.getByRole('link', { name: '单独打开' })
  if (await open.count()) await open.click()
  await page.getByRole('button', { name: '接收', exact: true }).click()
  await expect(page.getByText('还没有数据')).toBeVisible()

  await page.getByRole('button', { name: '填报进度' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('完成到百分之几').fill('80')
  await dialog.getByLabel('减速带的数值').fill('约三十')
  await dialog.getByLabel('减速带的数据来源').fill('现场清点')
  await expect(dialog.getByText('请填数字')).toBeVisible()
  await expect(dialog.getByRole('button', { name: '填报进度' })).toBeDisabled()
  await dialog.getByLabel('减速带的数值').fill('２８')
  await bears(page)
  await dialog.getByRole('button', { name: '填报进度' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('未达到').first()).toBeVisible()

  await page.getByText('填报过 1 个数据').click()
  await page.getByRole('button', { name: '更正' }).click()
  await page.getByRole('dialog').getByLabel('减速带的数值').fill('32')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('填报过 2 个数据')).toBeVisible()
  await expect(page.getByText('已更正')).toBeVisible()
  await expect(page.getByText('已达到').first()).toBeVisible()

  await office.page.goto(`${office.home}/duties/${duty}`)
  await expect(office.page.getByText('已达到').first()).toBeVisible()
  await expect(office.page.getByText('32处')).toBeVisible()
  await bears(office.page)
})

test('the office gives many duties a unit in one act, and an outsider can not', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const { page } = office
  await page.goto(`${office.home}/duties`)
  const ticks = page.getByRole('checkbox', { name: /^选择/ })
  await expect(ticks.first()).toBeVisible()
  for (const n of [0, 1, 2]) await ticks.nth(n).check()
  await expect(page.getByText('已选 3 项')).toBeVisible()
  await bears(page)
  await page.getByRole('button', { name: '改阶段' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('所选 3 项一起改')).toBeVisible()
  await dialog.getByLabel('阶段').selectOption({ index: 1 })
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText(/已修改 \d 项/)).toBeVisible()
  await expect(page.getByText('已选 3 项')).toBeHidden()

  const liaison = await person(browser, server, 'liaison')
  await liaison.page.goto(`${liaison.home}/duties`)
  await expect(liaison.page.getByRole('row').nth(1)).toBeVisible()
  await expect(liaison.page.getByRole('checkbox', { name: /^选择/ })).toHaveCount(0)
  const refused = await liaison.page.request.patch(`/api/v1/campaigns/${office.home.slice(3)}/duties`, { data: { duties: [], phase_id: null } })
  expect(refused.status()).toBe(403)
})

test('deadlines are read by a calendar program through a secret link that ends at a click', async ({ browser, server }) => {
  const { page } = await person(browser, server, 'liaison')
  await page.goto('/account')
  await page.getByRole('button', { name: '订阅到日历' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '生成链接' }).click()
  const link = await page.getByRole('dialog').getByLabel('订阅链接').inputValue()
  expect(new URL(link).pathname).toMatch(/^\/api\/v1\/calendars\/cjcal_[0-9a-f]+$/)
  await bears(page)
  await page.getByRole('dialog').getByRole('button', { name: '已保存好' }).click()
  const nobody = await browser.newContext({ baseURL: server.url })
  const calendar = await nobody.request.get(new URL(link).pathname)
  expect(calendar.headers()['content-type']).toContain('text/calendar')
  expect(await calendar.text()).toContain('BEGIN:VEVENT')
  await page.getByRole('region', { name: '日历订阅' }).getByRole('button', { name: '停用' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
  await expect(page.getByText('已停用')).toBeVisible()
  expect((await nobody.request.get(new URL(link).pathname)).status()).toBe(404)
})
