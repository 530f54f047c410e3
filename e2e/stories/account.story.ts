// Looking after one's own account.
import { bears, expect, signInAs, test } from './house'

test('a person sees where they are signed in, ends it there, and lends a program a token', async ({ page, browser, server }) => {
  const other = await browser.newContext({ baseURL: server.url })
  const phone = await other.newPage()
  await signInAs(phone, 'office')
  await signInAs(page, 'office')
  await page.goto('/account')

  await test.step('ends the other sign-in', async () => {
    const logins = page.getByRole('region', { name: '登录的设备' })
    await expect(logins.getByText('本机')).toBeVisible()
    await bears(page)
    await logins.getByRole('button', { name: '让它退出' }).first().click()
    await expect(page.getByText('那台设备已退出。')).toBeVisible()
    await expect(logins.getByRole('listitem')).toHaveCount(1)
    expect((await other.request.get('/api/v1/session')).status()).toBe(401)
  })

  const tokens = page.getByRole('region', { name: '程序令牌' })
  const dialog = page.getByRole('dialog')
  let secret = ''
  const asks = async () => (await other.request.get('/api/v1/campaigns', { headers: { Authorization: `Bearer ${secret}` } })).status()
  await test.step('makes a token, which is shown once', async () => {
    await tokens.getByRole('button', { name: '添加令牌' }).click()
    await dialog.getByLabel('用途').fill('大屏取数')
    await dialog.getByLabel('有效期').selectOption('30 天')
    await bears(page)
    await dialog.getByRole('button', { name: '生成令牌' }).click()
    await expect(dialog.getByText('令牌只显示这一次')).toBeVisible()
    secret = await dialog.getByLabel('令牌', { exact: true }).inputValue()
    await bears(page)
    await dialog.getByRole('button', { name: '已保存好' }).click()
    await expect(tokens.getByText('大屏取数')).toBeVisible()
    await expect(tokens.getByText('只读')).toBeVisible()
    expect(await asks()).toBe(200)
  })

  await test.step('revokes it', async () => {
    await tokens.getByRole('button', { name: '停用' }).click()
    await expect(dialog.getByText('“大屏取数”停用后')).toBeVisible()
    await dialog.getByRole('button', { name: '停用' }).click()
    await expect(page.getByText('“大屏取数”已停用。')).toBeVisible()
    await expect(tokens.getByText('大屏取数')).toHaveCount(0)
    expect(await asks()).toBe(401)
  })
  await other.close()
})

test('the administrator sees where a user is signed in and signs them out', async ({ page, browser, server }) => {
  const other = await browser.newContext({ baseURL: server.url })
  await signInAs(await other.newPage(), 'liaison')
  await signInAs(page, 'system_admin')
  await page.goto('/users')
  await page.getByRole('row', { name: /联络员/ }).first().getByRole('button').click()
  const logins = page.getByRole('complementary').getByRole('region', { name: '登录的设备' })
  await expect(logins.getByRole('listitem').first()).toBeVisible()
  await bears(page)
  await logins.getByRole('button', { name: '全部退出' }).click()
  await expect(logins.getByText('眼下没有登录。')).toBeVisible()
  expect((await other.request.get('/api/v1/session')).status()).toBe(401)
  await other.close()
})
