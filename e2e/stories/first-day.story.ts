// The first day: from an empty folder to a county's duties in a table.
import { bears, expect, select, test } from './house'

test.use({ command: 'serve' })

const plan = `双河县创建省级文明县城实施方案

为把县城建设得更加整洁有序，制定本方案。自查情况由各单位送县创建办，县督查室汇总通报。

一、实施步骤
（一）动员阶段（2026年3月至4月）。召开动员大会，分解任务。
（二）攻坚阶段（2026年5月至10月）。集中力量解决突出问题。

二、重点任务
（一）改善环境卫生
1.新建公共厕所。在老城区新建公共厕所不少于6座，2026年9月底前完成。
责任单位：县城管局、县住建局
2.整治背街小巷。每月开展一次集中清扫，群众满意度达90%以上。
牵头单位：县城管局
配合单位：各乡镇
（二）规范公共秩序
3.施划停车泊位。2026年7月底前新增停车泊位500个。
责任单位：县公安局、县交通运输局
4.设置文明劝导岗。在主要路口安排志愿者每日劝导。
责任单位：县文明办
`

test('the administrator starts from nothing, imports a plan, corrects it, adopts it, finds a duty and exports the table', async ({ page }) => {
  await test.step('makes the administrator', async () => {
    await page.goto('/')
    await expect(page.getByRole('heading', { name: '设立管理员' })).toBeVisible()
    await bears(page)
    await page.getByLabel('姓名').fill('何管理')
    await page.getByLabel('用户名').fill('guanli')
    await page.getByLabel('密码').fill('short')
    await page.getByRole('button', { name: '下一步' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await page.getByLabel('密码').fill('Shuanghe-2026!')
    await page.getByRole('button', { name: '下一步' }).click()
  })

  await test.step('makes the campaign', async () => {
    await expect(page.getByRole('heading', { name: '建立创建项目' })).toBeVisible()
    await page.getByLabel('项目名称').fill('双河县创建省级文明县城')
    await page.getByLabel('创建地').fill('双河县')
    await page.getByLabel('年度').fill('2026')
    await page.reload()
    await expect(page.getByLabel('创建地')).toHaveValue('双河县')
    await bears(page)
    await page.getByRole('button', { name: '建立项目' }).click()
  })

  await test.step('drops the plan and waits for it to be read', async () => {
    await expect(page.getByRole('heading', { name: '放入方案' })).toBeVisible()
    await bears(page)
    await page.locator('input[type=file]').setInputFiles({ name: '双河县方案.txt', mimeType: 'text/plain', buffer: Buffer.from(plan) })
    await expect(page.getByRole('tab', { name: '任务 4' })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('button', { name: /施划停车泊位.*县公安局/ })).toBeVisible()
    await bears(page)
  })

  await test.step('corrects a title, takes an entry away and back again', async () => {
    await page.getByRole('button', { name: /新建公共厕所/ }).click()
    await page.getByLabel('名称').fill('新建六座公共厕所')
    await page.getByLabel('名称').blur()
    await expect(page.getByText('已保存')).toBeVisible()
    await page.reload()
    await page.getByRole('button', { name: /新建六座公共厕所/ }).click()
    await bears(page)
    await page.getByRole('button', { name: '删去', exact: true }).click()
    await expect(page.getByRole('tab', { name: '任务 3' })).toBeVisible()
    await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
    await expect(page.getByRole('tab', { name: '任务 4' })).toBeVisible()
  })

  await test.step('makes a duty of text that the reader left alone, and gives it a unit', async () => {
    await select(page, '自查情况由各单位送县创建办')
    await page.getByRole('button', { name: '设为任务' }).click()
    await expect(page.getByRole('tab', { name: '任务 5' })).toBeVisible()
    await page.getByLabel('名称').fill('报送自查情况')
    await page.getByLabel('名称').blur()
    await select(page, '县督查室')
    await page.getByRole('button', { name: '设为责任单位' }).click()
    await expect(page.getByText('已加 1 个单位。')).toBeVisible()
    await expect(page.getByText('已保存')).toBeVisible()
  })

  await test.step('adopts it, takes it back, adopts it again', async () => {
    await page.getByRole('button', { name: '采用', exact: true }).click()
    await expect(page.getByRole('heading', { name: '采用方案' })).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '采用 5 项任务' }).click()
    await expect(page.getByText('方案已采用：5 项任务')).toBeVisible()
    await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
    await expect(page.getByText('待采用')).toBeVisible()
    await page.getByRole('button', { name: '采用', exact: true }).click()
    await page.getByRole('button', { name: '采用 5 项任务' }).click()
    await expect(page.getByRole('heading', { name: '责任', exact: true })).toBeVisible()
    await expect(page.getByText('5 项', { exact: true })).toBeVisible()
  })

  await test.step('finds a duty by two characters and reads where it comes from', async () => {
    await page.getByRole('searchbox', { name: '在任务中查找' }).fill('泊位')
    await expect(page.getByText('1 项', { exact: true })).toBeVisible()
    await page.getByRole('link', { name: '施划停车泊位' }).click()
    const panel = page.getByRole('complementary')
    await expect(panel.getByText('2026年7月底前新增停车泊位500个', { exact: false })).toBeVisible()
    await expect(panel.getByRole('button', { name: '修改 时限 2026年7月' })).toBeVisible()
    await bears(page)
  })

  await test.step('exports exactly what is filtered', async () => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await page.getByRole('button', { name: '导出任务分解及进度表' }).click()
        await page.getByRole('menuitem', { name: /Excel/ }).click()
      })(),
    ])
    expect(file.suggestedFilename()).toBe('双河县创建省级文明县城任务分解及进度表.xlsx')
    await expect(page.getByText('任务分解及进度表已导出，共 1 项。')).toBeVisible()
  })

  await test.step('sees it all on one page, and in the ledger', async () => {
    await page.getByRole('link', { name: '总览', exact: true }).click()
    await expect(page.getByRole('heading', { name: '谁的任务最多？' })).toBeVisible()
    await bears(page)
    await page.getByRole('link', { name: '台账', exact: true }).click()
    await expect(page.getByText(/采用了方案/).first()).toBeVisible()
    await bears(page)
  })
})
