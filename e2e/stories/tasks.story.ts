// A unit owes something: it takes it on, does it, is sent back, and is believed in the end.
import { assign, bears, expect, person, phone, signOut, test } from './house'

test('a liaison on a phone accepts and reports without a network, is sent back, reports again and is confirmed', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const title = '整修文化路学校段护栏'
  await assign(office.page, office.home, title, '县教育局')
  const liaison = await person(browser, server, 'liaison', phone)
  const { page } = liaison

  await test.step('the work to do is the first page', async () => {
    await page.goto('/')
    await expect(page).toHaveURL(/\/tasks$/)
    await expect(page.getByRole('heading', { name: '我的任务' })).toBeVisible()
    await bears(page)
    await page.getByRole('link', { name: title }).click()
    await expect(page.getByRole('button', { name: '接收', exact: true })).toBeVisible()
    await bears(page)
  })

  await test.step('what is done while the network is away is kept, also over a closed page, and goes out in order', async () => {
    await liaison.context.setOffline(true)
    await page.getByRole('button', { name: '接收', exact: true }).click()
    await expect(page.getByText('接收 · 存在本机，联网后自动送出')).toBeVisible()
    await page.getByRole('complementary', { name: '等待送出' }).getByText('1 项办理还在本机').waitFor()
    await bears(page)
    const before = await office.page.request.get(`/api/v1/campaigns/${office.home.slice(3)}/tasks?limit=200&turn=unit`)
    expect(JSON.stringify(await before.json())).toContain('"state":"assigned"')
    await liaison.context.setOffline(false)
    await expect(page.getByText('已接收').first()).toBeVisible({ timeout: 20_000 })
    await expect(page.getByRole('complementary', { name: '等待送出' })).toHaveCount(0)
  })

  await test.step('tells how far it is, then reports; a text that was begun is not lost', async () => {
    await page.getByRole('button', { name: '填报进度' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('完成到百分之几').fill('60')
    await dialog.getByLabel('说明').fill('护栏已运到，周六安装。')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '填报进度' }).click()
    await expect(dialog.getByLabel('说明')).toHaveValue('护栏已运到，周六安装。')
    await dialog.getByLabel('完成到百分之几').fill('60')
    await bears(page)
    await dialog.getByRole('button', { name: '填报进度' }).click()
    await expect(page.getByText('60%').first()).toBeVisible()
    await page.getByRole('button', { name: '上报办结' }).click()
    await dialog.getByLabel('说明').fill('安装完毕。')
    await dialog.getByRole('button', { name: '上报办结' }).click()
    await expect(page.getByText('待确认').first()).toBeVisible()
  })

  const desk = office.page
  await test.step('the office sees it first thing and sends it back with a reason', async () => {
    await desk.goto(`${office.home}/tasks`)
    await bears(desk)
    await desk.getByRole('link', { name: title }).click()
    await desk.getByRole('button', { name: '退回' }).click()
    const dialog = desk.getByRole('dialog')
    await expect(dialog.getByRole('button', { name: '退回' })).toBeDisabled()
    await dialog.getByLabel('原因').fill('请补一张装好后的照片。')
    await dialog.getByRole('button', { name: '退回' }).click()
    await expect(desk.getByText('被退回').first()).toBeVisible()
    await bears(desk)
  })

  await test.step('the unit reads why, and reports again', async () => {
    await page.goto(`${liaison.home}/tasks`)
    await expect(page.getByText('请补一张装好后的照片。')).toBeVisible()
    await page.getByRole('link', { name: title }).click()
    await page.getByRole('button', { name: '上报办结' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '上报办结' }).click()
    await expect(page.getByText('待确认').first()).toBeVisible()
  })

  await test.step('the office confirms several at once from the list', async () => {
    await desk.goto(`${office.home}/tasks`)
    await desk.getByRole('checkbox', { name: `选择${title}` }).check()
    await desk.getByRole('button', { name: '确认所选' }).click()
    await expect(desk.getByText('已确认 1 项。')).toBeVisible()
    await expect(desk.getByRole('link', { name: title })).toHaveCount(0)
  })

  await test.step('the auditor follows it in the ledger', async () => {
    const auditor = await person(browser, server, 'auditor')
    await auditor.page.goto(`${auditor.home}/ledger`)
    await expect(auditor.page.getByText(`确认办结任务“${title} · 县教育局”`)).toBeVisible()
    await bears(auditor.page)
    await auditor.context.close()
  })
  await liaison.context.close()
  await office.context.close()
})

test('a duty returned as not ours reaches its right owner, and the wrong one sees it no more', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const title = '清理城东排水沟淤泥'
  await assign(office.page, office.home, title, '县教育局')
  const liaison = await person(browser, server, 'liaison')
  const { page } = liaison
  await page.goto(`${liaison.home}/tasks`)
  await page.getByRole('link', { name: title }).click()
  await page.getByRole('button', { name: '不归我们办' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').fill('排水设施由城管部门管护。')
  await dialog.getByRole('combobox').fill('城管')
  await page.getByRole('option', { name: /县城管局/ }).first().click()
  await bears(page)
  await dialog.getByRole('button', { name: '不归我们办' }).click()
  await expect(page.getByText('已回退').first()).toBeVisible()

  const desk = office.page
  await desk.goto(`${office.home}/tasks`)
  await desk.getByRole('link', { name: title }).click()
  await expect(desk.getByText('认为应由县城管局承担')).toBeVisible()
  await desk.getByRole('button', { name: '改派' }).click()
  await desk.getByRole('dialog').getByRole('combobox').fill('城管')
  await desk.getByRole('option', { name: /县城管局/ }).first().click()
  await desk.getByRole('dialog').getByLabel('原因').fill('属城管部门职责。')
  await desk.getByRole('dialog').getByRole('button', { name: '改派' }).click()
  await expect(desk.getByText('已撤回').first()).toBeVisible()

  await page.goto(`${liaison.home}/tasks?view=all`)
  await expect(page.getByRole('heading', { name: '我的任务' })).toBeVisible()
  await expect(page.getByRole('link', { name: title })).toHaveCount(0)
  await desk.goto(`${office.home}/tasks?view=all`)
  await desk.goto(`${office.home}/duties?q=${encodeURIComponent('排水沟淤泥')}`)
  await expect(desk.getByText('县城管局').first()).toBeVisible()
  await liaison.context.close()
  await office.context.close()
})

test('the work to do opens on a phone while the server is away, and what is done meanwhile goes out once it is back', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const title = '更换校门口破损路牌'
  await assign(office.page, office.home, title, '县教育局')
  await office.context.close()
  const liaison = await person(browser, server, 'liaison', phone)
  const { page } = liaison
  await page.goto(`${liaison.home}/tasks`)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  // Seen once more under the worker: now the device has the list and the task.
  await page.reload()
  await page.getByRole('link', { name: title }).click()
  await expect(page.getByRole('button', { name: '接收', exact: true })).toBeVisible()
  await page.goto(`${liaison.home}/tasks`)
  await expect(page.getByRole('link', { name: title })).toBeVisible()

  await server.stop()
  await page.reload()
  await expect(page.getByRole('heading', { name: '我的任务' })).toBeVisible()
  await expect(page.getByText('连不上服务器。您写的内容保存在本机')).toBeVisible()
  await page.getByRole('link', { name: title }).click()
  await page.getByRole('button', { name: '接收', exact: true }).click()
  await expect(page.getByText('接收 · 存在本机，联网后自动送出')).toBeVisible()
  await bears(page)
  await page.reload()
  await expect(page.getByRole('complementary', { name: '等待送出' })).toBeVisible()

  await server.start()
  await expect(page.getByRole('complementary', { name: '等待送出' })).toHaveCount(0, { timeout: 20_000 })
  await expect(page.getByText('已接收').first()).toBeVisible()

  await signOut(page)
  // Nothing of it is left for the next person.
  await expect.poll(() => page.evaluate(() => caches.has('seen'))).toBe(false)
  await liaison.context.close()
})
