// A working day of the campaign office in the demo county.
import { bears, expect, signInAs, test } from './house'

test('the office finds a duty, changes it and takes the change back', async ({ page }) => {
  const home = await signInAs(page, 'office')
  await page.goto(`${home}/duties`)
  await bears(page)

  await test.step('walks the list by keyboard', async () => {
    await expect(page.getByRole('link', { name: /./ }).first()).toBeVisible()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('complementary')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('complementary')).toHaveCount(0)
  })

  await test.step('sends a view as a link', async () => {
    await page.getByRole('button', { name: '更多筛选' }).click()
    await page.getByRole('combobox', { name: '指标' }).selectOption('有指标')
    await expect(page).toHaveURL(/target=true/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await expect(page.getByRole('combobox', { name: '指标' })).toHaveValue('true')
    await page.getByRole('button', { name: '清除筛选' }).click()
  })

  const panel = page.getByRole('complementary')
  await test.step('moves a deadline and undoes it', async () => {
    await page.getByRole('table').getByRole('link').first().click()
    const due = panel.getByRole('button', { name: /^修改 时限/ })
    const before = (await due.textContent()) ?? ''
    await due.click()
    await panel.getByLabel('时限').fill('2026年11月20日')
    await panel.getByRole('button', { name: '保存' }).click()
    await expect(due).toContainText('11月20日 周五')
    await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
    await expect(due).toHaveText(before)
    await expect(panel.getByText(/修改了任务/).first()).toBeVisible()
  })

  await test.step('withdraws it with a reason and restores it', async () => {
    await panel.getByRole('button', { name: '撤回任务' }).click()
    await page.getByRole('dialog').getByLabel('撤回的原因').fill('与另一项重复')
    await page.getByRole('dialog').getByRole('button', { name: '撤回任务' }).click()
    await expect(panel.getByText('已撤回')).toBeVisible()
    await expect(panel.getByText('原因：与另一项重复')).toBeVisible()
    await panel.getByRole('button', { name: '恢复任务' }).click()
    await expect(panel.getByRole('button', { name: '撤回任务' })).toBeVisible()
  })

  await test.step('adds one by hand; what was typed survives a reload', async () => {
    await page.getByRole('link', { name: '添加任务' }).click()
    await page.getByRole('textbox', { name: '任务', exact: true }).fill('给志愿者配发反光背心')
    await page.reload()
    await expect(page.getByText('这是您上次没有写完的内容。')).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '添加任务' }).click()
    await expect(page.getByText('任务已添加。')).toBeVisible()
    await expect(panel.getByRole('heading', { name: '给志愿者配发反光背心' })).toBeVisible()
  })

  await test.step('goes anywhere with a few keys', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: '查找和前往' }).fill('反光')
    await expect(page.getByRole('option', { name: /反光背心/ })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/duties\/[0-9a-f-]{36}$/)
    await bears(page)
  })
})

test('a correction is kept while the server is away and saved when it is back', async ({ page, server }) => {
  const home = await signInAs(page, 'office')
  await page.goto(`${home}/plans`)
  await page.getByRole('row', { name: /待采用/ }).getByRole('link').click()
  await page.getByRole('tabpanel').getByRole('button').first().click()
  await server.stop()
  await page.getByLabel('名称').fill('断网时改的名称')
  await page.getByLabel('名称').blur()
  await expect(page.getByText('没连上，已存在本机')).toBeVisible()
  await expect(page.getByText('连不上服务器。您写的内容保存在本机')).toBeVisible()
  await server.start()
  await expect(page.getByText('已保存')).toBeVisible({ timeout: 20_000 })
  await page.reload()
  await expect(page.getByRole('button', { name: /断网时改的名称/ })).toBeVisible()
})

test('what cannot be read, reached or dated exactly is said in words', async ({ page }) => {
  const home = await signInAs(page, 'office')

  await test.step('a file that was cut off says so on its page', async () => {
    await page.goto(`${home}/plans/new`)
    // The first bytes of a docx and no more.
    const bytes = Buffer.from('504b0304140000000800', 'hex')
    await page.locator('input[type=file]').setInputFiles({ name: '截断.docx', mimeType: 'application/octet-stream', buffer: bytes })
    await expect(page.getByRole('heading', { name: '这份方案没有读出来' })).toBeVisible({ timeout: 20_000 })
    await expect(page.getByText('文件不完整或已损坏')).toBeVisible()
    await bears(page)
  })

  await test.step('a deadline of a month can be looked at and left as it is', async () => {
    await page.goto(`${home}/duties`)
    await page.getByRole('link', { name: '优化政务大厅服务' }).click()
    const panel = page.getByRole('complementary')
    await panel.getByRole('button', { name: /^修改 时限/ }).click()
    await expect(panel.getByLabel('时限')).toHaveValue(/3月$/)
    await expect(panel.getByText('看不懂这个日期')).toHaveCount(0)
    await page.keyboard.press('Escape')
  })

  await test.step('a page that the network cannot bring says so, and comes when it is back', async () => {
    await page.context().setOffline(true)
    await page.getByRole('link', { name: '总览' }).first().click()
    await expect(page.getByText('连不上服务器').first()).toBeVisible({ timeout: 20_000 })
    await page.context().setOffline(false)
    await expect(page.getByRole('heading', { name: /谁的任务最多/ })).toBeVisible()
  })
})
