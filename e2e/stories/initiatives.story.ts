// A special action: the office gathers duties of several units in it, the unit that leads it looks at all of them.
import type { Browser } from '@playwright/test'
import { bears, expect, signInAs, test, type Server } from './house'

async function office(browser: Browser, server: Server) {
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
  const page = await context.newPage()
  return { page, home: await signInAs(page, 'office') }
}

test('the office gathers duties in a special action, and only who leads it sees all of them', async ({ browser, server }) => {
  const { page, home } = await office(browser, server)
  await page.goto(home + '/initiatives')
  await expect(page.getByRole('link', { name: '食品安全放心行动' })).toBeVisible()
  await bears(page)
  await page.getByRole('link', { name: '添加' }).click()
  await page.getByLabel('名称').fill('夏季护河专项行动')
  await page.getByLabel('目的和要求').fill('汛期前把河岸清一遍。')
  await page.getByRole('combobox', { name: '牵头单位' }).click()
  await page.getByRole('combobox', { name: '牵头单位' }).fill('县水利局')
  await page.getByRole('option', { name: '县水利局' }).click()
  await page.getByLabel('开始日期').fill('2026-07-01')
  await page.getByLabel('结束日期').fill('2026-06-01')
  await page.getByRole('button', { name: '添加' }).click()
  await expect(page.getByText('结束日期早于开始日期')).toBeVisible()
  await page.getByLabel('结束日期').fill('2026-09-30')
  await bears(page)
  await page.getByRole('button', { name: '添加' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '夏季护河专项行动' })).toBeVisible()
  const initiative = page.url()
  await bears(page)

  // Two duties that the leading unit has no part in, put in at once.
  await page.goto(home + '/duties?q=' + encodeURIComponent('宣传'))
  const ticks = page.getByRole('checkbox', { name: /^选择/ })
  await expect(ticks.first()).toBeVisible()
  for (const n of [0, 1]) await ticks.nth(n).check()
  await page.getByRole('button', { name: '归入专项行动' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('专项行动').selectOption('夏季护河专项行动')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('已修改 2 项')).toBeVisible()
  await page.goto(initiative)
  await expect(page.getByText('2 项任务')).toBeVisible()
  const duties = page.getByRole('region', { name: '其中的任务' }).getByRole('row')
  await expect(duties).toHaveCount(3)
  await bears(page)

  // Whoever works for the leading unit looks at them and finds nothing to do to them; another unit does not.
  const campaign = home.slice(3)
  const units = (await (await page.request.get(`/api/v1/campaigns/${campaign}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
  const id = initiative.split('/').pop()!
  for (const [unit, seen] of [['县水利局', 2], ['县残联', 0]] as const) {
    const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
    const own = await context.newPage()
    const unitId = units.items.find((u) => u.name === unit)!.id
    const invitation = await page.request.post(`/api/v1/campaigns/${campaign}/invitations`, { data: { display_name: `${unit}的人`, grant: { role: 'liaison', campaign_id: campaign, unit_id: unitId }, days: 1 }, headers: { 'Idempotency-Key': crypto.randomUUID() } })
    expect(invitation.status(), await invitation.text()).toBe(201)
    const { secret } = (await invitation.json()) as { secret: string }
    const joined = await own.request.post('/api/v1/joining', { data: { secret, name: `river-${seen}`, password: 'Qingshui-2026' } })
    expect(joined.ok(), await joined.text()).toBe(true)
    await own.goto(`${home}/duties?initiative=${id}`)
    if (seen) {
      await expect(own.getByRole('region', { name: '任务列表' }).getByRole('row')).toHaveCount(seen + 1)
      await own.goto(`${home}/initiatives/${id}`)
      await expect(own.getByText('2 项任务')).toBeVisible()
      await expect(own.getByRole('button', { name: '结束' })).toHaveCount(0)
      await bears(own)
    } else await expect(own.getByText('没有符合条件的任务')).toBeVisible()
    await context.close()
  }

  // Closed with what came of it; taken back at a click.
  await page.getByRole('button', { name: '结束' }).click()
  await page.getByRole('dialog').getByLabel('结果小结').fill('河岸清理完毕。')
  await page.getByRole('dialog').getByRole('button', { name: '结束' }).click()
  await expect(page.getByText('河岸清理完毕。')).toBeVisible()
  await expect(page.getByText('已结束', { exact: true })).toBeVisible()
  await bears(page)
  await page.getByRole('button', { name: '恢复' }).click()
  await expect(page.getByRole('button', { name: '结束' })).toBeVisible()
})
