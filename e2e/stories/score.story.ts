// The score: the office records a figure, its leaf and the total move, the explanation names it; who sees only their own
// unit does not see any of it.
import { bears, expect, person, signInAs, test } from './house'

const marks = (text: string | null) => Number(/\d+(?:\.\d+)?/.exec(text ?? '')?.[0])

test('a figure that the office records moves its indicator and the total, and stands in the explanation', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'office')
  await page.goto(home + '/score')
  const sum = page.getByRole('region', { name: '总分' })
  await expect(sum).toContainText('未成年人')
  await bears(page)
  const before = marks(await sum.getByText(/^\d/).first().textContent())

  // An indicator of which nothing is known.
  await page.getByRole('link', { name: /还不掌握的/ }).click()
  await page.getByRole('link', { name: /公交出行/ }).first().click()
  const panel = page.getByRole('complementary')
  await expect(panel.getByText('还没有登记任何情况。')).toBeVisible()
  await bears(page)

  // What is missing is named, and recorded where it is named: the form knows of what it is.
  await panel.getByRole('button', { name: '登记' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('事项').locator('option:checked')).toHaveText('公共交通机动化出行分担率')
  await dialog.getByLabel('数值（%）').fill('二十一')
  await dialog.getByLabel('期间').fill('2026年6月')
  await dialog.getByLabel('依据文件').fill('县交通运输局《二季度公交运行分析》')
  await dialog.getByRole('button', { name: '登记' }).click()
  await expect(dialog.getByRole('alert').first()).toBeVisible()
  await dialog.getByLabel('数值（%）').fill('21.5')
  await dialog.getByLabel('期间').fill('2026-06')
  await bears(page)
  await dialog.getByRole('button', { name: '登记' }).click()
  await expect(page.getByText('已登记。')).toBeVisible()
  await expect(panel.getByText('县交通运输局《二季度公交运行分析》')).toBeVisible()
  await expect(panel.getByText('21.5 %')).toBeVisible()
  await expect.poll(async () => marks(await sum.getByText(/^\d/).first().textContent())).toBeGreaterThan(before)

  // A slip of the pen is corrected; what stood there can still be read.
  await panel.getByRole('button', { name: '更正' }).click()
  await dialog.getByLabel('数值（%）').fill('12.5')
  await dialog.getByRole('button', { name: '更正' }).click()
  await expect(page.getByText('已更正，原来的记录仍可查看。')).toBeVisible()
  await expect(panel.getByText('12.5 %')).toBeVisible()
  await expect(panel.getByText('统计数据').first()).toBeVisible()

  await page.getByRole('link', { name: '走势' }).click()
  await expect(page.getByRole('figure', { name: '得分走势' })).toBeVisible({ timeout: 60_000 })
  await bears(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await bears(page)
})

test('the table of indicators opens and closes by keyboard', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'leader')
  await page.goto(home + '/score')
  await expect(page.getByRole('button', { name: '登记' })).toHaveCount(0)
  const table = page.getByRole('treegrid', { name: '指标' })
  const rows = table.getByRole('row')
  await expect(rows).toHaveCount(11)
  const count = await rows.count()
  await rows.nth(1).focus()
  await page.keyboard.press('ArrowRight')
  await expect(rows.nth(1)).toHaveAttribute('aria-expanded', 'true')
  expect(await rows.count()).toBeGreaterThan(count)
  await page.keyboard.press('ArrowLeft')
  await expect(rows).toHaveCount(count)
})

test('a liaison sees neither the score nor what was observed', async ({ browser, server }) => {
  const { page, home, context } = await person(browser, server, 'liaison')
  await page.goto(server.url + home + '/tasks')
  await expect(page.getByRole('link', { name: '得分', exact: true })).toHaveCount(0)
  const campaign = home.split('/')[2]
  for (const path of ['score', 'observations', 'sites']) {
    const answer = await page.request.get(`/api/v1/campaigns/${campaign}/${path}`)
    expect(answer.status()).toBe(403)
  }
  await context.close()
})
