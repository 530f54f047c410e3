// Who has to know of it hears of it, while the page is open, and once.
import type { Browser, Page } from '@playwright/test'
import { bears, expect, signInAs, test, type Server } from './house'

async function person(browser: Browser, server: Server, role: string) {
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
  const page = await context.newPage()
  const home = await signInAs(page, role)
  return { page, home }
}

async function ownTask(page: Page, home: string) {
  const list = await page.request.get(`/api/v1/campaigns/${home.slice(3)}/tasks?turn=unit&limit=50`)
  const { items } = (await list.json()) as { items: { id: string; version: number; state: string; unit: { id: string }; duty: { title: string } }[] }
  return items.find((t) => t.state !== 'reported')!
}
async function act(page: Page, home: string, task: { id: string; version: number }, data: object) {
  const answer = await page.request.post(`/api/v1/campaigns/${home.slice(3)}/tasks/${task.id}/deeds`, { data, headers: { 'If-Match': `"v${task.version}"`, 'Idempotency-Key': crypto.randomUUID() } })
  expect(answer.ok(), await answer.text()).toBe(true)
  return (await answer.json()) as { id: string; version: number }
}

test('an open page tells what came in, leads to the task, and shows what changed without a reload', async ({ browser, server }) => {
  const liaison = await person(browser, server, 'liaison')
  const office = await person(browser, server, 'office')
  const task = await ownTask(liaison.page, liaison.home)
  const { page } = liaison

  await test.step('what was told is read in one go', async () => {
    await page.goto('/notices')
    await expect(page.getByRole('heading', { name: '提醒' })).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '全部标为已读' }).click()
    await expect(page.getByText('没有未读的提醒。')).toBeVisible()
    await bears(page)
  })

  await test.step('the office sends a report back while the liaison has another page open', async () => {
    const reported = await act(page, liaison.home, task, { deed: 'report', note: '好了' })
    await page.goto(`${liaison.home}/tasks/${task.id}`)
    await expect(page.getByText('待确认').first()).toBeVisible()
    await expect(page.getByRole('link', { name: '提醒', exact: true })).toBeVisible()
    await act(office.page, office.home, reported, { deed: 'send_back', reason: '照片看不清' })
    await expect(page.getByRole('link', { name: /提醒，\d+ 条未读/ })).toBeVisible({ timeout: 15_000 })
    await expect(page.getByText('照片看不清').first()).toBeVisible()
  })

  await test.step('the notice leads to the task and counts as read', async () => {
    await page.getByRole('link', { name: /提醒，/ }).click()
    await page.getByRole('listitem').filter({ hasText: '退回' }).getByRole('link', { name: task.duty.title }).first().click()
    await expect(page).toHaveURL(new RegExp(task.id))
    await expect(page.getByRole('link', { name: '提醒', exact: true })).toBeVisible()
  })

  await test.step('the office urges it, once a day', async () => {
    const desk = office.page
    await desk.goto(`${office.home}/tasks?view=all&unit=${task.unit.id}`)
    const row = desk.getByRole('row').filter({ hasText: '照片看不清' })
    await row.getByRole('checkbox').check()
    await bears(desk)
    await desk.getByRole('button', { name: '催办所选' }).click()
    await expect(desk.getByText(/已催办 1 项/)).toBeVisible()
    await row.getByRole('checkbox').check()
    await desk.getByRole('button', { name: '催办所选' }).click()
    await expect(desk.getByText(/1 项今天已经催过/)).toBeVisible()
  })
})

test('the office sets how the campaign reminds, with every fault in its place', async ({ browser, server }) => {
  const { page, home } = await person(browser, server, 'office')
  await page.goto(`${home}/settings`)
  const card = page.getByRole('region', { name: '提醒和催办' })
  await expect(card.getByLabel('到期前几天提醒')).toHaveValue('7，3，1，0')
  await card.getByLabel('到期前几天提醒').fill('400，3，3')
  await card.getByRole('button', { name: '保存' }).click()
  await expect(card.getByText('应为0至365天')).toBeVisible()
  await bears(page)
  await card.getByLabel('到期前几天提醒').fill('10、5、0')
  await card.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('已保存。')).toBeVisible()
  await page.reload()
  await expect(card.getByLabel('到期前几天提醒')).toHaveValue('10，5，0')
})
