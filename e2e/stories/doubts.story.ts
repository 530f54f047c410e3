// Photographs that are alike: two units file the same shot, nobody is refused, and the reviewer sees both side by side.
import type { Page } from '@playwright/test'
import { bears, expect, person, phone, test } from './house'

/** A scene of discs as a JPEG, drawn by the page from a number; another quality and size is the same shot sent on. */
async function scene(page: Page, name: string, number: number, quality: number, scale: number) {
  const base64 = await page.evaluate(([number, quality, scale]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640 * scale!, height: 480 * scale! })
    const paint = canvas.getContext('2d')!
    paint.scale(scale!, scale!)
    let state = (number! * 2654435761) >>> 0 || 1
    const draw = (below: number) => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return (state >>> 0) % below
    }
    paint.fillStyle = '#888'
    paint.fillRect(0, 0, 640, 480)
    for (let i = 0; i < 260; i++) {
      paint.fillStyle = `rgb(${draw(256)},${draw(256)},${draw(256)})`
      paint.beginPath()
      paint.arc(draw(640), draw(480), 6 + draw(22), 0, 7)
      paint.fill()
    }
    return canvas.toDataURL('image/jpeg', quality).split(',')[1]!
  }, [number, quality, scale])
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') }
}

/** Files a set of one photograph for a requirement that asks for no caption. */
async function file(page: Page, home: string, title: string, photo: Awaited<ReturnType<typeof scene>>, madeOn = '2026-06-20') {
  await page.goto(`${home}/evidence`)
  await page.getByRole('link', { name: '报送材料', exact: true }).click()
  await page.locator('input[type=file]').setInputFiles([photo])
  await page.getByLabel('标题').fill(title)
  await page.getByLabel('活动名称').fill(title)
  await page.getByLabel('日期').fill(madeOn)
  await page.getByLabel('添加一项要求').selectOption({ label: 'Ⅲ-8 志愿服务活动' })
  await page.getByLabel('图片说明 · 时间').fill('6月20日')
  await page.getByLabel('图片说明 · 地点').fill(`${title}广场`)
  await page.getByLabel('图片说明 · 内容').fill(title)
  await expect(page.getByText('已收到，内容一致')).toHaveCount(1)
  await page.getByRole('button', { name: '报送', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  return page.url()
}

test('one shot that two units file is shown to the reviewer side by side, and dismissed with a reason', async ({ browser, server }) => {
  const school = await person(browser, server, 'liaison')
  const [mine, theirs] = ['校园志愿者清扫', '街道志愿者清扫']
  const first = await file(school.page, school.home, mine, await scene(school.page, '清扫.jpg', 7, 0.92, 1))
  let second = ''

  await test.step('another unit files it again, smaller: nothing is refused, and it is told nothing', async () => {
    const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
    const page = await context.newPage()
    for (const name of ['liaison02', 'liaison03']) {
      expect((await page.request.post('/api/v1/session', { data: { name, password: 'Qingshui-2026' } })).ok()).toBe(true)
      const session = (await (await page.request.get('/api/v1/session')).json()) as { campaigns: { units: { name: string }[] }[] }
      if (session.campaigns[0]!.units[0]!.name !== '县教育局') break
    }
    second = await file(page, school.home, theirs, await scene(page, '志愿.jpg', 7, 0.6, 0.7))
    await expect(page.getByRole('region', { name: '照片疑点' })).toHaveCount(0)
    const at = second.replace(/^.*\/c\//, '/api/v1/campaigns/')
    expect((await page.request.get(`${at}/doubts`)).status()).toBe(403)
    expect((await page.request.get(`${first.replace(/^.*\/c\//, '/api/v1/campaigns/')}/doubts`)).status()).toBe(404)
    await context.close()
  })

  const reviewer = await person(browser, server, 'reviewer')
  const desk = reviewer.page
  await test.step('the reviewer sees both in the queue, with where they differ', async () => {
    const at = second.replace(/^.*\/c\//, '/api/v1/campaigns/')
    await expect.poll(async () => ((await (await desk.request.get(`${at}/doubts`)).json()) as { items: unknown[] }).items.length).toBe(1)
    await desk.goto(`${reviewer.home}/evidence/reviews`)
    const row = desk.getByRole('navigation', { name: '材料审核' }).getByRole('button', { name: new RegExp(theirs) })
    await expect(row).toContainText('同一画面')
    await row.click()
    const doubts = desk.getByRole('region', { name: '照片疑点' })
    await expect(doubts.getByText('两张照片是同一画面')).toBeVisible()
    await expect(doubts.getByRole('img', { name: '志愿.jpg' })).toBeVisible()
    await expect(doubts.getByRole('img', { name: '清扫.jpg' })).toBeVisible()
    await expect(doubts.getByRole('row', { name: /单位/ })).toContainText('县教育局')
    await expect(doubts.getByRole('row', { name: /所写地点/ })).toContainText('不同')
    await bears(desk)
    await desk.getByRole('group', { name: '等级' }).getByRole('button', { name: 'A' }).click()
    await desk.keyboard.press('a')
    const sure = desk.getByRole('dialog', { name: '还有疑点，仍然通过？' })
    await expect(sure).toContainText('同一画面')
    await bears(desk)
    await sure.getByRole('button', { name: '取消' }).click()
    await desk.setViewportSize(phone)
    await bears(desk)
    await desk.setViewportSize({ width: 1366, height: 768 })
  })

  await test.step('it is dismissed with a reason on the page of the material, taken back, and dismissed again', async () => {
    await desk.goto(second)
    const doubts = desk.getByRole('region', { name: '照片疑点' })
    await doubts.getByRole('button', { name: '排除疑点' }).click()
    await desk.getByRole('dialog').getByLabel('排除理由').fill('两个单位共同承办')
    await bears(desk)
    await desk.getByRole('dialog').getByRole('button', { name: '排除疑点' }).click()
    await expect(doubts.getByText(/排除：两个单位共同承办/)).toBeVisible()
    await doubts.getByRole('button', { name: '恢复疑点' }).click()
    await expect(doubts.getByRole('button', { name: '排除疑点' })).toBeVisible()
    await desk.goto(first)
    await expect(doubts.getByRole('link', { name: theirs })).toBeVisible()
    await bears(desk)
  })
  await reviewer.context.close()
  await school.context.close()
})

test('a photograph of last year that is filed again is shown beside the one of then, with its date', async ({ browser, server }) => {
  const school = await person(browser, server, 'liaison')
  const [then, now] = ['去年学雷锋活动', '今年学雷锋活动']
  await file(school.page, school.home, then, await scene(school.page, '去年.jpg', 23, 0.9, 1), '2025-03-05')
  const again = await file(school.page, school.home, now, await scene(school.page, '今年.jpg', 23, 0.65, 0.8))

  const reviewer = await person(browser, server, 'reviewer')
  const desk = reviewer.page
  const at = again.replace(/^.*\/c\//, '/api/v1/campaigns/')
  await expect.poll(async () => ((await (await desk.request.get(`${at}/doubts`)).json()) as { items: unknown[] }).items.length).toBe(1)
  await desk.goto(`${reviewer.home}/evidence/reviews`)
  await desk.getByRole('navigation', { name: '材料审核' }).getByRole('button', { name: new RegExp(now) }).click()
  const doubts = desk.getByRole('region', { name: '照片疑点' })
  await expect(doubts.getByRole('img', { name: '今年.jpg' })).toBeVisible()
  await expect(doubts.getByRole('img', { name: '去年.jpg' })).toBeVisible()
  await expect(doubts.getByRole('link', { name: then })).toBeVisible()
  const dates = doubts.getByRole('row', { name: /所写日期/ }).getByRole('cell')
  await expect(dates.first()).toContainText('6月20日')
  await expect(dates.last()).toContainText('2025年3月5日')
  await expect(dates.last()).toContainText('不同')
  await bears(desk)
  await reviewer.context.close()
  await school.context.close()
})
