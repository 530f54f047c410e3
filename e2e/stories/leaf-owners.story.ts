// Who answers for which indicator: the office takes it from the duties that fit, mends it by hand and by a sheet; others read it.
import { bears, expect, signInAs, test } from './house'

test('the office says who answers for the indicators, and takes it back', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'office')
  await page.goto(home + '/standards')
  await page.getByRole('listitem').filter({ hasText: '未成年人思想道德建设' }).getByRole('link', { name: '责任分解' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: '责任分解' })).toBeVisible()
  const note = page.getByText(/^\d+ 项指标，\d+ 项还没有单位$/)
  const before = await note.textContent()
  await bears(page)

  // All that leaves little doubt, at once; and back again.
  await page.getByRole('button', { name: /^采用相符的 \d+ 项$/ }).click()
  await expect(page.getByText(/^\d+ 项指标已有单位。$/)).toBeVisible()
  await expect(note).not.toHaveText(before!)
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(note).toHaveText(before!)

  // One duty for one indicator, then another unit by hand.
  const take = page.getByRole('list', { name: '文字相近的任务' }).first().getByRole('button').first()
  const leaf = /^“(.*)”采用任务/.exec((await take.getAttribute('aria-label')) ?? '')?.[1] ?? ''
  await take.click()
  await expect(page.getByText('1 项指标已有单位。')).toBeVisible()
  await expect(note).not.toHaveText(before!)
  await page.getByRole('button', { name: `修改“${leaf}”的单位` }).click()
  await bears(page)
  await page.getByRole('button', { name: /^去掉/ }).first().click()
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('已保存。')).toBeVisible()
  await page.getByLabel('只看还没有单位的').check()
  await expect(page).toHaveURL(/free=yes/)

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出一体表' }).click()
  const table = await download
  expect(table.suggestedFilename()).toContain('责任分解一体表')
  await page.getByRole('button', { name: '从表格导入' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type=file]').setInputFiles(await table.path())
  await expect(dialog.getByText(/^将改动 0 项指标，\d+ 项不变$/)).toBeVisible()
  await bears(page)
  await dialog.locator('input[type=file]').setInputFiles({ name: 'list.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('not a sheet') })
  await expect(dialog.getByRole('alert')).toBeVisible()
})

test('a liaison reads on a phone what their unit answers for, and can change nothing', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(server.url)
  const home = await signInAs(page, 'inspector')
  await page.goto(home + '/standards')
  await page.getByRole('listitem').filter({ hasText: '县级文明城市测评体系' }).getByRole('link', { name: '责任分解' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: '责任分解' })).toBeVisible()
  await expect(page.getByText('还没有单位').first()).toBeVisible()
  await expect(page.getByRole('button', { name: '从表格导入' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^修改/ })).toHaveCount(0)
  await bears(page)
})
