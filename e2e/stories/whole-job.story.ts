// The whole job, from many duties given at once to a desk that was handed over: who is in it, and who must not be.
import type { Browser } from '@playwright/test'
import { bears, expect, person, phone, shot, test, type Server } from './house'

const titles = ['林荫道补植行道树', '林荫道修剪绿篱', '林荫道更换座椅'] as const
const [planting, pruning, seats] = titles
const password = 'Lvhua.2026-qiao'

/** The liaison of 县林业局, whom this story brings along: the demo's own liaison belongs to all stories. */
async function forester(browser: Browser, server: Server) {
  const administrator = await person(browser, server, 'system_admin')
  const campaign = administrator.home.slice(3)
  const { items } = (await (await administrator.page.request.get(`/api/v1/campaigns/${campaign}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
  const unit = items.find((u) => u.name === '县林业局')!.id
  const data = { name: 'qiaolu', display_name: '乔路', password, must_change_password: false, grants: [{ role: 'liaison', campaign_id: campaign, unit_id: unit }] }
  expect((await administrator.page.request.post('/api/v1/users', { data })).status()).toBe(201)
  await administrator.context.close()
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', viewport: phone })
  const page = await context.newPage()
  expect((await page.request.post('/api/v1/session', { data: { name: 'qiaolu', password } })).status()).toBe(200)
  return { context, page, home: administrator.home }
}

test('duties given in bulk are done on a phone, sent back, done again and confirmed; nobody else has a hand in it, and the ledger tells it all', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const desk = office.page
  const inside = (rest: string) => `/api/v1/campaigns/${office.home.slice(3)}/${rest}`
  const liaison = await forester(browser, server)
  const { page } = liaison
  const dialog = page.getByRole('dialog')

  await test.step('the office gives three duties to a unit in one act', async () => {
    for (const title of titles) {
      const made = await desk.request.post(inside('duties'), { data: { title, text: title, units: [], due: '2026-07-10' }, headers: { 'Idempotency-Key': crypto.randomUUID() } })
      expect(made.status()).toBe(201)
    }
    await desk.goto(`${office.home}/duties?q=${encodeURIComponent('林荫道')}`)
    for (const title of titles) await desk.getByRole('checkbox', { name: `选择${title}` }).check()
    await desk.getByRole('button', { name: '加责任单位' }).click()
    await desk.getByRole('dialog').getByRole('combobox').last().fill('林业')
    await desk.getByRole('option', { name: /县林业局/ }).first().click()
    await bears(desk)
    await desk.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await expect(desk.getByText('已修改 3 项。')).toBeVisible()
  })

  let address = ''
  await test.step('the liaison takes it on and reports with photographs while there is no line', async () => {
    await page.goto(`${liaison.home}/tasks`)
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await page.reload()
    for (const title of titles) await expect(page.getByRole('link', { name: title })).toBeVisible()
    await page.getByRole('link', { name: planting }).click()
    await expect(page.getByRole('button', { name: '接收', exact: true })).toBeVisible()
    address = page.url()
    await liaison.context.setOffline(true)
    await page.getByRole('button', { name: '接收', exact: true }).click()
    await expect(page.getByText('接收 · 存在本机，联网后自动送出')).toBeVisible()
    await liaison.context.setOffline(false)
    await expect(page.getByText('已接收').first()).toBeVisible({ timeout: 20_000 })
    await liaison.context.setOffline(true)
    await page.getByRole('button', { name: '上报办结' }).click()
    await dialog.getByLabel('说明').fill('补植四十株，见照片。')
    await dialog.getByLabel('拍照').setInputFiles(shot('IMG_11.jpg', 11))
    await dialog.getByRole('button', { name: '上报办结' }).click()
    await expect(page.getByRole('complementary', { name: '等待送出' }).getByText('还有 1 张照片待发送')).toBeVisible()
    await bears(page)
    await liaison.context.setOffline(false)
    await expect(page.getByRole('complementary', { name: '等待送出' })).toHaveCount(0, { timeout: 30_000 })
    await expect(page.getByText('待确认').first()).toBeVisible()
  })

  await test.step('the office looks at the photograph and sends it back', async () => {
    await desk.goto(`${office.home}/tasks`)
    await desk.getByRole('link', { name: planting }).click()
    await expect(desk.getByRole('region', { name: '附件' }).getByText('IMG_11.jpg').first()).toBeVisible()
    await desk.getByRole('button', { name: '退回' }).click()
    await desk.getByRole('dialog').getByLabel('原因').fill('照片里只有半条路，请补拍北段。')
    await desk.getByRole('dialog').getByRole('button', { name: '退回' }).click()
    await expect(desk.getByText('被退回').first()).toBeVisible()
  })

  await test.step('the unit reads why, reports again with another photograph, and is confirmed', async () => {
    await page.goto(address)
    await expect(page.getByText('照片里只有半条路，请补拍北段。').first()).toBeVisible()
    await page.getByRole('button', { name: '上报办结' }).click()
    await dialog.getByLabel('说明').fill('北段也已补植，附照片。')
    await dialog.getByLabel('拍照').setInputFiles(shot('IMG_12.jpg', 12))
    await dialog.getByRole('button', { name: '上报办结' }).click()
    await expect(page.getByRole('complementary', { name: '等待送出' })).toHaveCount(0, { timeout: 30_000 })
    await expect(page.getByText('待确认').first()).toBeVisible()
    await desk.goto(`${office.home}/tasks`)
    await desk.getByRole('link', { name: planting }).click()
    await expect(desk.getByRole('region', { name: '附件' }).getByRole('listitem')).toHaveCount(2)
    await desk.getByRole('button', { name: '确认办结' }).click()
    await expect(desk.getByText('已办结').first()).toBeVisible()
    await page.reload()
    await expect(page.getByText('已办结').first()).toBeVisible()
  })

  const id = /[0-9a-f-]{36}$/.exec(address)![0]
  await test.step('another unit neither sees nor touches any of it', async () => {
    const task = (await (await desk.request.get(inside(`tasks/${id}`))).json()) as { duty: { id: string }; attachments: { id: string }[]; version: number }
    const other = await person(browser, server, 'liaison', phone)
    const asked = (rest: string) => other.page.request.get(inside(rest))
    await other.page.goto(address)
    await expect(other.page.getByRole('heading', { name: '没有这个页面' })).toBeVisible()
    await bears(other.page)
    await other.page.goto(`${other.home}/tasks?view=all`)
    await expect(other.page.getByRole('heading', { name: '我的任务' })).toBeVisible()
    await expect(other.page.getByText('林荫道')).toHaveCount(0)
    for (const rest of [`tasks/${id}`, `duties/${task.duty.id}`, `duties/${task.duty.id}/tasks`, `attachments/${task.attachments[0]!.id}`, `attachments/${task.attachments[0]!.id}/content`, `attachments/${task.attachments[0]!.id}/thumbnail`, `ledger?subject=task:${id}`]) expect([403, 404], rest).toContain((await asked(rest)).status())
    for (const rest of ['tasks?limit=200', 'duties?limit=200', `search?q=${encodeURIComponent('林荫道')}`]) expect(await (await asked(rest)).text(), rest).not.toContain('林荫道')
    for (const deed of [{ deed: 'accept' }, { deed: 'report', note: '不是我们的' }, { deed: 'return_as_not_ours', reason: '不是我们的' }]) {
      const answer = await other.page.request.post(inside(`tasks/${id}/deeds`), { data: deed, headers: { 'If-Match': `"v${task.version}"`, 'Idempotency-Key': crypto.randomUUID() } })
      expect(answer.status(), deed.deed).toBe(404)
    }
    expect(((await (await desk.request.get(inside(`tasks/${id}`))).json()) as { version: number }).version).toBe(task.version)
    await other.context.close()
  })

  await test.step('the auditor reads it from the first act to the last', async () => {
    const auditor = await person(browser, server, 'auditor')
    await auditor.page.goto(`${auditor.home}/ledger?subject=task:${id}`)
    const rows = auditor.page.getByRole('row').filter({ hasText: planting })
    await expect(rows).toHaveCount(5)
    const told = await rows.allInnerTexts()
    const expected = [
      ['王芳', '确认办结任务'],
      ['乔路', '上报办结任务'],
      ['王芳', '退回了任务'],
      ['乔路', '上报办结任务'],
      ['乔路', '接收了任务'],
    ] as const
    expected.forEach(([who, what], n) => {
      expect(told[n]).toContain(who)
      expect(told[n]).toContain(what)
    })
    expect(told[2]).toContain('照片里只有半条路，请补拍北段。')
    await bears(auditor.page)
    await auditor.page.goto(`${auditor.home}/ledger`)
    for (const title of titles) await expect(auditor.page.getByText(new RegExp(`修改了任务.*${title}`)).or(auditor.page.getByText(/一起/)).first()).toBeVisible()
    // Whoever audits looks and does nothing.
    const refused = await auditor.page.request.post(inside(`tasks/${id}/deeds`), { data: { deed: 'reopen', reason: '再看' }, headers: { 'If-Match': '"v6"', 'Idempotency-Key': crypto.randomUUID() } })
    expect(refused.status()).toBe(403)
    await auditor.context.close()
  })

  await test.step('the liaison leaves: what is open goes to a successor, who does it; the one who left is out', async () => {
    await desk.goto(`${office.home}/people`)
    // Most of a county's people stand further down.
    await desk.getByRole('button', { name: '再显示一些' }).click()
    await desk.getByRole('row', { name: /乔路/ }).getByRole('button', { name: /的工作交接给别人/ }).click()
    const handing = desk.getByRole('dialog')
    await expect(handing.getByText(/件未办结/)).toBeVisible()
    await handing.getByLabel('还没有账号，发邀请').check()
    await handing.getByLabel('姓名').fill('林接棒')
    await handing.getByRole('button', { name: '交接' }).click()
    const link = await handing.getByLabel('邀请链接').inputValue()
    await handing.getByRole('button', { name: '已发送' }).click()
    expect((await page.request.get('/api/v1/session')).status()).toBe(401)
    const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', viewport: phone })
    const successor = await context.newPage()
    await successor.goto(link)
    await successor.getByLabel('用户名').fill('linjiebang')
    await successor.getByLabel('密码').fill('Jiebang.liushi8')
    await successor.getByRole('button', { name: '设好并进入' }).click()
    await successor.getByRole('region', { name: '交接给您的工作' }).getByRole('button', { name: '知道了' }).click()
    await expect(successor.getByRole('link', { name: seats })).toBeVisible()
    await successor.getByRole('link', { name: pruning }).click()
    await successor.getByRole('button', { name: '接收', exact: true }).click()
    await expect(successor.getByText('已接收').first()).toBeVisible()
    await successor.getByRole('button', { name: '上报办结' }).click()
    await successor.getByRole('dialog').getByRole('button', { name: '上报办结' }).click()
    await expect(successor.getByText('待确认').first()).toBeVisible()
    await successor.goto(address)
    await expect(successor.getByText('已办结').first()).toBeVisible()
    await bears(successor)
    await context.close()
  })
  await liaison.context.close()
  await office.context.close()
})
