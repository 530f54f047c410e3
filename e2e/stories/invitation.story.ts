// Somebody is invited by a link and comes in.
import { bears, expect, signInAs, test } from './house'

test('the office invites a liaison, who joins by the link; used and revoked links say so', async ({ page, browser, server }) => {
  const home = await signInAs(page, 'office')
  await page.goto(`${home}/people`)
  await bears(page)
  const dialog = page.getByRole('dialog')
  const invite = async (name: string) => {
    await page.getByRole('button', { name: '邀请', exact: true }).click()
    await dialog.getByLabel('姓名').fill(name)
    await dialog.getByLabel('身份').selectOption('审核员')
    await bears(page)
    await dialog.getByRole('button', { name: '生成邀请链接' }).click()
    const link = await dialog.getByLabel('邀请链接').inputValue()
    await bears(page)
    await dialog.getByRole('button', { name: '已发送' }).click()
    return link
  }
  const link = await invite('钱小满')
  const waiting = page.getByRole('region', { name: '等待接受的邀请' })
  await expect(waiting.getByText('钱小满')).toBeVisible()

  const other = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', viewport: { width: 390, height: 844 } })
  const phone = await other.newPage()
  await test.step('the invited sees who invites to what, and joins', async () => {
    await phone.goto(link)
    await expect(phone.getByRole('heading', { name: '钱小满，您好' })).toBeVisible()
    await expect(phone.getByText('清水县创建文明城市')).toBeVisible()
    await bears(phone)
    await phone.getByLabel('用户名').fill('qianxiaoman')
    await phone.getByLabel('密码').fill('short')
    await phone.getByRole('button', { name: '设好并进入' }).click()
    await expect(phone.getByRole('alert').first()).toBeVisible()
    await phone.getByLabel('密码').fill('Qingshui-2026-m')
    await phone.getByRole('button', { name: '设好并进入' }).click()
    await expect(phone.getByRole('heading', { level: 1, name: '材料审核' })).toBeVisible()
  })

  await test.step('the link is used up, and a revoked one is dead', async () => {
    await phone.goto('about:blank')
    await phone.goto(link)
    await expect(phone.getByText('这个邀请已经用过')).toBeVisible()
    await bears(phone)
    await page.reload()
    // The county has a liaison for each unit: the newest stand further down.
    await page.getByRole('button', { name: '再显示一些' }).click()
    await expect(page.getByRole('row', { name: /钱小满/ })).toBeVisible()
    const second = await invite('孙小满')
    await waiting.getByRole('button', { name: '撤回邀请' }).click()
    await expect(page.getByText('对“孙小满”的邀请已撤回。')).toBeVisible()
    await phone.goto('about:blank')
    await phone.goto(second)
    await expect(phone.getByText('这个邀请已经撤回')).toBeVisible()
  })

  await test.step('the office takes the role back', async () => {
    await page.getByRole('row', { name: /钱小满/ }).getByRole('button', { name: '去掉钱小满的身份：审核员' }).click()
    await expect(page.getByRole('row', { name: /钱小满/ })).toHaveCount(0)
    await bears(page)
  })
  await other.close()
})
