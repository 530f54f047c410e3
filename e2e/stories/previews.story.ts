// Materials are looked at in place: a report, a table and a PDF are read without leaving the page, what can't be read says why.
import type { Page } from '@playwright/test'
import { bears, expect, person, phone, test } from './house'
import { cutOff, pdf, report, table } from './papers'

/** axe in both themes. */
async function bearsBoth(page: Page) {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((to) => (document.documentElement.dataset['theme'] = to), theme)
    await bears(page)
  }
}

test('a report, a table and a PDF are read in place by keyboard; what can’t be read says what it is', async ({ browser, server }) => {
  const liaison = await person(browser, server, 'liaison')
  const page = liaison.page
  const title = '文明校园创建材料'

  await test.step('the unit files them as a material and reads its own', async () => {
    await page.goto(`${liaison.home}/evidence`)
    await page.getByRole('link', { name: '报送材料', exact: true }).click()
    await page.getByLabel('材料类型').selectOption({ label: '规范文件' })
    await page.getByLabel('标题').fill(title)
    await page.getByLabel('日期').fill('2026-06-20')
    await page.getByLabel('添加一项要求').selectOption({ label: 'Ⅲ-3 文明校园创建' })
    await page.locator('input[type=file]').setInputFiles([report, table(), pdf('检查通报.pdf', 5), cutOff, pdf('有密码的通报.pdf', 1, true)])
    await expect(page.getByText('已收到，内容一致')).toHaveCount(5)
    await page.getByRole('button', { name: '报送', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(page.getByRole('heading', { name: '县教育局文明校园创建工作报告' })).toBeVisible()
    await bearsBoth(page)
  })

  const reviewer = await person(browser, server, 'reviewer')
  const desk = reviewer.page
  const faults: string[] = []
  desk.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await desk.goto(`${reviewer.home}/evidence/reviews`)
  await desk.getByRole('navigation', { name: '材料审核' }).getByRole('button', { name: new RegExp(title) }).click()
  await expect(desk.getByRole('heading', { name: '一、基本情况' })).toBeVisible()
  await bears(desk)
  await desk.getByRole('button', { name: '放大查看' }).press('Enter')
  const light = desk.getByRole('dialog')

  await test.step('the report is a page of text that keys scroll', async () => {
    const text = light.getByRole('group', { name: `${report.name}的内容` })
    await expect(text).toBeFocused()
    await expect(light.getByRole('cell', { name: '城关小学' })).toHaveAttribute('rowspan', '2')
    await expect(light.getByText('里面有 1 张图片没有显示')).toBeAttached()
    await desk.keyboard.press('PageDown')
    await expect.poll(() => text.evaluate((el) => el.scrollTop)).toBeGreaterThan(200)
    await expect(light.getByRole('link', { name: '下载' })).toBeVisible()
    await bearsBoth(desk)
  })

  await test.step('the table shows what Excel shows; the arrows move it as far as it goes, and its tabs are walked', async () => {
    await desk.keyboard.press('ArrowRight')
    await expect(light.getByRole('heading', { level: 2, name: '文明校园创建统计表.xlsx' })).toBeVisible()
    await expect(light.getByRole('cell', { name: '87.50%' })).toBeVisible()
    await expect(light.getByRole('cell', { name: '2026年6月5日' })).toBeVisible()
    const sheet = light.getByRole('tabpanel', { name: '各校' })
    await expect(sheet).toBeFocused()
    await desk.keyboard.press('PageDown')
    await expect.poll(() => sheet.evaluate((el) => el.scrollTop)).toBeGreaterThan(100)
    await expect(light.getByRole('columnheader', { name: 'B', exact: true })).toBeInViewport()
    await desk.keyboard.press('ArrowRight')
    await expect.poll(() => sheet.evaluate((el) => el.scrollLeft)).toBeGreaterThan(0)
    await bearsBoth(desk)
    await light.getByRole('tab', { name: '各校' }).press('ArrowRight')
    await expect(light.getByRole('tab', { name: '说明' })).toBeFocused()
    await expect(light.getByRole('cell', { name: '数据由各校填报' })).toBeVisible()
    await desk.keyboard.press('Tab')
  })

  await test.step('the PDF is drawn page by page', async () => {
    await desk.keyboard.press('ArrowRight')
    await expect(light.getByRole('heading', { level: 2, name: '检查通报.pdf' })).toBeVisible()
    await expect(light.getByText('Page 1 of the report')).toBeVisible()
    await expect(light.getByText('第 1 页，共 5 页')).toBeVisible()
    await expect(light.getByText('Page 5 of the report')).toHaveCount(0)
    const inked = await light.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.some((byte, n) => n % 4 === 0 && byte < 100))
    expect(inked, 'something is drawn').toBe(true)
    await desk.keyboard.press('End')
    await expect(light.getByText('Page 5 of the report')).toBeVisible()
    await expect(light.getByText('第 5 页，共 5 页')).toBeVisible()
    await light.getByRole('button', { name: '放大' }).click()
    await expect(light.getByText('125%')).toBeVisible()
    await expect(light.getByText('Page 5 of the report')).toBeVisible()
    await bearsBoth(desk)
  })

  await test.step('one that is cut off and one behind a password say so, and can be fetched', async () => {
    await light.getByRole('button', { name: '下一个' }).click()
    await expect(light.getByRole('alert')).toContainText('文件不完整或已损坏')
    await bearsBoth(desk)
    await light.getByRole('button', { name: '下一个' }).click()
    await expect(light.getByRole('alert')).toContainText('这份 PDF 有密码保护')
    await bears(desk)
    const coming = desk.waitForEvent('download')
    await light.getByRole('link', { name: '下载' }).click()
    expect((await coming).suggestedFilename()).toBe('有密码的通报.pdf')
  })

  await test.step('on a phone it fills the screen', async () => {
    await desk.setViewportSize(phone)
    for (let n = 0; n < 3; n += 1) await light.getByRole('button', { name: '上一个' }).click()
    await expect(light.getByRole('cell', { name: '87.50%' })).toBeVisible()
    await bears(desk)
    await light.getByRole('button', { name: '上一个' }).click()
    await expect(light.getByRole('heading', { name: '一、基本情况' })).toBeVisible()
    await bears(desk)
    await desk.keyboard.press('Escape')
    await expect(light).toHaveCount(0)
  })
  // What is refused is told on the page; anything else, and above all what the security policy stops, is a fault.
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([])
  await reviewer.context.close()
  await liaison.context.close()
})
