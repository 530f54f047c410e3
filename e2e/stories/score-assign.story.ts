// What is unknown becomes duties: chosen by the marks at stake, each sent until it is answered, made once. And the map as a picture.
import { readFileSync } from 'node:fs'
import { bears, expect, phone, signInAs, test } from './house'

test('the office has what is unknown found out, and a lost answer makes nothing twice', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'office')
  await page.goto(home + '/score?view=unknown')
  const boxes = page.getByRole('checkbox', { name: /^选择“/ })
  await boxes.nth(0).check()
  await boxes.nth(1).check()
  await expect(page.getByText(/^已选 2 项/)).toBeVisible()
  await bears(page)

  await page.getByRole('button', { name: '布置任务' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('时限').fill('2026-08-31')
  const units = dialog.getByRole('combobox', { name: /的责任单位$/ })
  for (const n of [0, 1]) {
    await units.nth(n).fill('县教育局')
    await dialog.getByRole('option', { name: /县教育局/ }).first().click()
    await expect(dialog.getByRole('option')).toHaveCount(0)
  }
  await bears(page)
  // The first one is made, and its answer gets lost.
  let lost = false
  await page.route(/\/duties$/, async (route) => {
    if (route.request().method() !== 'POST' || lost) return route.fallback()
    lost = true
    await route.fetch()
    await route.abort()
  })
  await dialog.getByRole('button', { name: '布置 2 项' }).click()
  await expect(dialog.getByText(/^没有收到答复/)).toBeVisible()
  await bears(page)
  await dialog.getByRole('button', { name: '再试 2 项' }).click()
  await expect(dialog.getByText('已布置 2 项任务。')).toBeVisible()
  await bears(page)

  await dialog.getByRole('link', { name: '到责任列表查看' }).click()
  await expect(page).toHaveURL(/duties\?q=/)
  const list = page.getByRole('region', { name: '任务列表' })
  await expect(list.getByRole('link', { name: /^补齐“.*”的测评依据$/ })).toHaveCount(2)
  await page.goBack()
  await expect(page.getByRole('link', { name: '已布置' })).toHaveCount(2)
  await page.setViewportSize(phone)
  await bears(page)
})

test('who leads sees what is unknown, and assigns nothing; the list is walked by keys', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'leader')
  await page.goto(home + '/score?view=unknown')
  const first = page.getByRole('region', { name: '还不掌握的' }).getByRole('row').nth(1)
  await expect(first).toBeVisible()
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary')).toBeVisible()
  await bears(page)
})

test('the map is saved as a picture that says of what, of when and how much it shows', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'leader')
  await page.goto(home + '/score')
  for (const [item, kind] of [['图片（PNG）', 'png'], ['矢量图（SVG）', 'svg']] as const) {
    await page.getByRole('button', { name: '导出图片' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(new RegExp(`得分图 \\d{4}-\\d\\d-\\d\\d\\.${kind}$`))
    const bytes = readFileSync(await file.path())
    if (kind === 'png') expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    else {
      const said = await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.textContent ?? '', bytes.toString())
      for (const words of ['县级文明城市测评体系', '清水县创建文明城市 · 截至', '/ 100', '最低', '斜纹是还不掌握']) expect(said).toContain(words)
    }
  }
})
