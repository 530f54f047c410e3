// A newer version of the plan: what the plan changed comes in, what the office changed stays, and where both did a person decides.
import type { Page } from '@playwright/test'
import { bears, expect, phone, test } from './house'

test.use({ command: 'serve', apart: 'newer-plan' })

const older = `双河县市容环境整治方案

一、重点任务
1.清扫背街小巷。每日清扫两次，2026年6月底前完成。
责任单位：县城管局
2.修补破损路面。2026年9月底前完成。
责任单位：县住建局
3.整治校园周边摊点。
责任单位：县教育局
4.设置文明劝导岗。
责任单位：县文明办
`
const newer = `双河县市容环境整治方案

一、重点任务
1.清扫背街小巷。每日清扫两次，2026年8月底前完成。
责任单位：县城管局
2.修补破损路面。2026年10月底前完成。
责任单位：县住建局
3.整治校园周边摊点。
责任单位：县教育局
4.新建公共厕所。2026年11月底前完成。
责任单位：县住建局
`

test('a newer plan is laid beside the duties of today, brings what it changed, and leaves alone what the office changed', async ({ page }) => {
  let inside = ''
  let home = ''
  await test.step('the first version is adopted: one unit corrected before, one date after, and one duty added by hand', async () => {
    const who = { name: 'guanli', display_name: '何管理', password: 'Shuanghe-2026!' }
    expect((await page.request.post('/api/v1/setup', { data: who })).ok()).toBe(true)
    const made = await page.request.post('/api/v1/campaigns', { data: { name: '双河县创建省级文明县城', place: '双河县', kind: '文明城市', year: 2026 } })
    const campaign = ((await made.json()) as { id: string }).id
    home = `/c/${campaign}`
    inside = `/api/v1/campaigns/${campaign}`
    const plan = await read(page, inside, '整治方案.txt', older)
    for (const duty of plan.reading.plans[0]!.duties) if (duty.title.includes('校园周边')) duty.units = [{ name: '县公安局', role: 'responsible' }]
    const corrected = await page.request.put(`${inside}/plans/${plan.id}/reading`, { data: { plans: plan.reading.plans }, headers: { 'If-Match': `"v${plan.version}"` } })
    expect(corrected.ok()).toBe(true)
    await page.goto(`${home}/plans/${plan.id}/adoption`)
    await page.getByRole('button', { name: '采用 4 项任务' }).click()
    await expect(page.getByText('方案已采用：4 项任务')).toBeVisible()
    await page.goto(`${home}/duties?q=${encodeURIComponent('路面')}`)
    await page.getByRole('link', { name: '修补破损路面' }).click()
    const panel = page.getByRole('complementary')
    await panel.getByRole('button', { name: '修改 时限 2026年9月' }).click()
    // What is no date stays where it was typed.
    await panel.getByLabel('时限').fill('九月中旬吧')
    await page.keyboard.press('Enter')
    await expect(panel.getByLabel('时限')).toHaveValue('九月中旬吧')
    await panel.getByLabel('时限').fill('2026-09-15')
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('button', { name: '修改 时限 9月15日 周二' })).toBeVisible()
  })

  await test.step('the newer version is dropped as such, and laid beside the duties of today', async () => {
    await page.goto(`${home}/plans`)
    await page.getByRole('link', { name: '放入方案' }).first().click()
    await page.getByLabel('这是哪份方案的新版本？').selectOption({ label: '整治方案.txt' })
    await page.locator('input[type=file]').setInputFiles({ name: '整治方案（修订）.txt', mimeType: 'text/plain', buffer: Buffer.from(newer) })
    await expect(page.getByRole('tab', { name: '任务 4' })).toBeVisible({ timeout: 30_000 })
    await page.getByRole('button', { name: '采用', exact: true }).click()
    const comparison = page.getByRole('region', { name: '与原方案对照' })
    await expect(comparison.getByRole('heading', { name: /两边都改过 1/ })).toBeVisible()
    await expect(comparison.getByText('都改过：时限')).toBeVisible()
    const ticked = (name: string) => comparison.getByRole('checkbox', { name })
    await expect(ticked('选择:修补破损路面')).not.toBeChecked()
    await expect(ticked('选择:清扫背街小巷')).toBeChecked()
    await expect(ticked('选择:新建公共厕所')).toBeChecked()
    await expect(ticked('选择:设置文明劝导岗')).toBeChecked()
    await comparison.getByRole('button', { name: '显示没有变的 1 项' }).click()
    await expect(comparison.getByText('新版方案没有再变，保持现在的责任单位')).toBeVisible()
    await bears(page)
    await page.setViewportSize(phone)
    await bears(page)
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  await test.step('it is adopted as suggested', async () => {
    await page.getByRole('button', { name: '采用新版（3 处变动）' }).click()
    await expect(page.getByText('方案已采用')).toBeVisible()
    const { items } = (await (await page.request.get(`${inside}/duties?limit=200`)).json()) as { items: { title: string; due_on: string | null; state: string; units: { name: string }[] }[] }
    const told = items.map((d) => `${d.title} ${d.units.map((u) => u.name).join('、')} ${d.due_on ?? ''} ${d.state}`).sort()
    expect(told).toEqual(
      ['修补破损路面 县住建局 2026-09-15 assigned', '整治校园周边摊点 县公安局  assigned', '新建公共厕所 县住建局 2026-11-30 assigned', '清扫背街小巷 县城管局 2026-08-31 assigned', '设置文明劝导岗 县文明办  withdrawn'].sort(),
    )
  })

  await test.step('and taken back with one press: all is as before', async () => {
    await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
    await expect(page.getByText('待采用')).toBeVisible()
    const { items } = (await (await page.request.get(`${inside}/duties?limit=200`)).json()) as { items: { title: string; due_on: string | null }[] }
    expect(items.map((d) => `${d.title} ${d.due_on ?? ''}`).sort()).toEqual(['修补破损路面 2026-09-15', '整治校园周边摊点 ', '清扫背街小巷 2026-06-30', '设置文明劝导岗 '].sort())
  })
})

interface Draft {
  id: string
  version: number
  state: string
  reading: { plans: { duties: { title: string; units: { name: string; role: string }[] }[] }[] }
}

/** Brings a plan in and waits until it is read. */
async function read(page: Page, inside: string, name: string, text: string): Promise<Draft> {
  const sent = await page.request.post(`${inside}/plans?name=${encodeURIComponent(name)}`, { data: Buffer.from(text), headers: { 'Content-Type': 'application/octet-stream' } })
  const { plan } = (await sent.json()) as { plan: { id: string } }
  const found = async () => (await (await page.request.get(`${inside}/plans/${plan.id}`)).json()) as Draft
  await expect.poll(async () => (await found()).state).toBe('draft')
  return found()
}
