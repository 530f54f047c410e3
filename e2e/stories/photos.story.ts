// Nothing shot is lost: photographs for a report, without a network, over a closed tab.
import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { assign, bears, expect, person, phone, shot, test } from './house'

/** Nothing else can be written to the browser's store for so many milliseconds, as on a phone whose memory is slow. */
const occupyShelf = (page: Page, milliseconds: number) =>
  page.evaluate(async (time) => {
    const opening = indexedDB.open('chengjing')
    const shelf = await new Promise<IDBDatabase>((done) => (opening.onsuccess = () => done(opening.result)))
    const files = shelf.transaction(['files', 'bytes'], 'readwrite').objectStore('files')
    const until = Date.now() + time
    const again = () => (Date.now() < until ? (files.count().onsuccess = again) : shelf.close())
    again()
  }, milliseconds)

test('photographs shot in a cellar outlive the closed tab and arrive with their report, exactly once', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const title = '疏通老干部局家属院下水道'
  await assign(office.page, office.home, title, '县教育局')
  const liaison = await person(browser, server, 'liaison', phone)
  const first = liaison.page
  await first.goto(`${liaison.home}/tasks`)
  await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await first.reload()
  await first.getByRole('link', { name: title }).click()
  await first.getByRole('button', { name: '接收', exact: true }).click()
  await expect(first.getByText('已接收').first()).toBeVisible()
  const address = first.url()

  await test.step('both are kept the moment they are shot, and seen', async () => {
    await liaison.context.setOffline(true)
    await first.getByRole('button', { name: '上报办结' }).click()
    const dialog = first.getByRole('dialog')
    await dialog.getByLabel('说明').fill('已疏通，见照片。')
    await dialog.getByLabel('拍照').setInputFiles(shot('IMG_1.jpg', 1))
    await dialog.getByLabel('拍照').setInputFiles(shot('IMG_2.jpg', 2))
    await expect(dialog.getByRole('listitem')).toHaveCount(2)
    await expect(dialog.getByText('网络不通，连上后自动接着传').first()).toBeVisible()
    await bears(first)
    // The form is closed by mistake: they stand on the task's page.
    await first.keyboard.press('Escape')
    await expect(first.getByRole('region', { name: '选好了、还没有上报的' }).getByRole('listitem')).toHaveCount(2)
    await bears(first)
    await first.getByRole('button', { name: '上报办结' }).click()
    await expect(dialog.getByRole('listitem')).toHaveCount(2)
    await expect(dialog.getByLabel('说明')).toHaveValue('已疏通，见照片。')
    await dialog.getByRole('button', { name: '上报办结' }).click()
    const waiting = first.getByRole('complementary', { name: '等待送出' })
    await expect(waiting.getByText('还有 2 张照片待发送')).toBeVisible()
    await expect(waiting.getByRole('progressbar')).toHaveCount(2)
    await bears(first)
  })
  await first.close()

  const page = await liaison.context.newPage()
  await test.step('a new tab still has them; nobody signs out over them unasked', async () => {
    await page.goto(address)
    await expect(page.getByRole('complementary', { name: '等待送出' }).getByText('还有 2 张照片待发送')).toBeVisible()
    await page.goto('/account')
    await page.getByRole('button', { name: '退出登录' }).click()
    await expect(page.getByRole('dialog').getByText('还有1 项办理、2 张照片或文件没有送到服务器')).toBeVisible()
    await bears(page)
    await page.getByRole('dialog').getByRole('button', { name: '先不退出' }).click()
  })

  await test.step('once there is a line they go out, and the report after them', async () => {
    await liaison.context.setOffline(false)
    await expect(page.getByRole('complementary', { name: '等待送出' })).toHaveCount(0, { timeout: 30_000 })
    await page.goto(address)
    await expect(page.getByText('待确认').first()).toBeVisible()
    await expect(page.getByRole('region', { name: '附件' }).getByRole('listitem')).toHaveCount(2)
  })

  await test.step('the office has one report with both, byte for byte', async () => {
    const asked = await office.page.request.get(`/api/v1/campaigns/${office.home.slice(3)}/tasks/${/[0-9a-f-]{36}$/.exec(address)?.[0]}`)
    const task = (await asked.json()) as { steps: { deed: string }[]; attachments: { name: string; sha256: string }[] }
    expect(task.steps.filter((s) => s.deed === 'report').length).toBe(1)
    const hash = (name: string, colour: number) => createHash('sha256').update(shot(name, colour).buffer).digest('hex')
    expect(task.attachments.map((a) => [a.name, a.sha256]).sort()).toEqual([['IMG_1.jpg', hash('IMG_1.jpg', 1)], ['IMG_2.jpg', hash('IMG_2.jpg', 2)]])
    // Nothing of them is left on the phone.
    await expect.poll(() => page.evaluate(async () => {
      const open = indexedDB.open('chengjing')
      const shelf = await new Promise<IDBDatabase>((done) => (open.onsuccess = () => done(open.result)))
      const count = shelf.transaction('bytes').objectStore('bytes').count()
      return new Promise((done) => (count.onsuccess = () => done(count.result)))
    })).toBe(0)
  })
  await test.step('sent back, a second report brings another; each photograph stands with the report it came with', async () => {
    const id = /[0-9a-f-]{36}$/.exec(address)![0]
    await office.page.goto(`${office.home}/tasks/${id}`)
    await expect(office.page.getByRole('list', { name: '随上报办结附上的' }).getByRole('listitem')).toHaveCount(2)
    await office.page.getByRole('button', { name: '退回', exact: true }).click()
    await office.page.getByRole('dialog').getByLabel('原因').fill('看不清，请补近景。')
    await office.page.getByRole('dialog').getByRole('button', { name: '退回', exact: true }).click()
    await expect(office.page.getByText('看不清，请补近景。').first()).toBeVisible()
    await page.goto(address)
    await expect(page.getByRole('list', { name: '退回的上报附了' }).getByRole('listitem')).toHaveCount(2)
    await bears(page)
    await liaison.context.setOffline(true)
    await page.getByRole('button', { name: '上报办结' }).click()
    // A slow phone is still writing when the report is already sent off: the photograph goes along all the same.
    await occupyShelf(page, 2_000)
    await page.getByRole('dialog').getByLabel('拍照').setInputFiles(shot('IMG_3.jpg', 3))
    await page.getByRole('dialog').getByRole('button', { name: '上报办结' }).click()
    await expect(page.getByRole('complementary', { name: '等待送出' }).getByText('还有 1 张照片待发送')).toBeVisible()
    await liaison.context.setOffline(false)
    await expect(page.getByRole('complementary', { name: '等待送出' })).toHaveCount(0, { timeout: 30_000 })
    await page.goto(address)
    const reports = page.getByRole('list', { name: '随上报办结附上的' })
    await expect(reports).toHaveCount(2)
    await expect(reports.first().getByRole('button', { name: /IMG_3/ }).or(reports.first().getByRole('link', { name: /IMG_3/ }))).toBeVisible()
    await expect(reports.first().getByRole('listitem')).toHaveCount(1)
    await expect(reports.last().getByRole('listitem')).toHaveCount(2)
    await bears(page)
  })
  await liaison.context.close()
  await office.context.close()
})
