// The State Council has announced next year's holidays: an administrator puts them in, and everybody's calendar shows them.
import { bears, expect, person, phone, test } from './house'

test('an administrator puts a year of holidays in, is told what is wrong and what it changes, and takes it back', async ({ browser, server }) => {
  const administrator = await person(browser, server, 'system_admin')
  const { page } = administrator
  await page.goto('/holidays')

  await test.step('what is known is drawn, and the year that is missing is named', async () => {
    await expect(page.getByText('2027年的放假安排还没有')).toBeVisible()
    await expect(page.getByRole('table')).toHaveCount(12)
    await expect(page.getByTitle('劳动节放假').first()).toBeVisible()
    await bears(page)
  })

  await test.step('a file with slips is told by its lines', async () => {
    await page.getByRole('link', { name: '2027年' }).click()
    await page.getByRole('button', { name: '填写' }).click()
    const broken = '{\n  "year": 2027,\n  "source": "",\n  "holidays": [\n    { "name": "元旦", "from": "2027-01-03", "to": "2027-01-01" }\n  ]\n}\n'
    await page.getByText('读入文件').locator('input').setInputFiles({ name: '2027.json', mimeType: 'application/json', buffer: Buffer.from(broken) })
    await expect(page.getByText('有 2 处要改')).toBeVisible()
    await expect(page.getByRole('alert').filter({ hasText: '第5行' }).first()).toBeVisible()
    await bears(page)
  })

  await test.step('mended by typing on, it says what it changes, and is saved', async () => {
    await page.getByLabel('依据').fill('国务院办公厅关于2027年部分节假日安排的通知')
    await page.getByLabel('放假第一天').fill('2027-01-01')
    await page.getByLabel('最后一天').fill('2027-01-03')
    await page.getByRole('button', { name: '看看会影响什么' }).click()
    await expect(page.getByRole('heading', { name: '会影响这些时限' })).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await expect(page.getByText('休 3 天，周末上班 0 天')).toBeVisible()
    await expect(page.getByText('2027年的放假安排还没有')).toHaveCount(0)
    await bears(page)
  })

  await test.step('a liaison sees the year in their calendar, and changes nothing', async () => {
    const liaison = await person(browser, server, 'liaison', phone)
    await liaison.page.goto(`${liaison.home}/tasks/calendar?month=2027-01`)
    await expect(liaison.page.getByText('元旦').filter({ visible: true }).first()).toBeVisible()
    await liaison.page.goto('/holidays?year=2027')
    await expect(liaison.page.getByTitle('元旦放假').first()).toBeVisible()
    await expect(liaison.page.getByRole('button', { name: '修改' })).toHaveCount(0)
    await bears(liaison.page)
  })

  await test.step('taken back, the year is unknown again', async () => {
    await page.getByRole('button', { name: '删去' }).click()
    await expect(page.getByText('2027年的放假安排还没有')).toBeVisible()
  })
})
