// Looking after one's own account.
import { createHmac } from 'node:crypto'
import { bears, expect, signInAs, signOut, test } from './house'

/** What an authenticator app shows for a key: RFC 6238. `ahead` steps of half a minute from now. */
function code(key: string, now: number, ahead = 0): string {
  const bits = [...key].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigInt64BE(BigInt(Math.floor(now / 30_000) + ahead))
  const mac = createHmac('sha1', secret).update(step).digest()
  const at = mac[19]! & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

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

test('a person turns on the second factor, signs in with phone and with recovery code, and turns it off', async ({ page }) => {
  await signInAs(page, 'reviewer')
  const { name, password } = ((await (await page.request.get('/api/v1/installation')).json()) as { demo_logins: { role: string; name: string; password: string }[] }).demo_logins.find((l) => l.role === 'reviewer')!
  // The demo city has a time of its own.
  const now = async () => new Date((await page.request.get('/api/v1/account/sessions').then((r) => r.json())).items[0].seen_at as string).getTime()
  await page.goto('/account')
  const second = page.getByRole('region', { name: '两步验证' })
  const dialog = page.getByRole('dialog')
  let key = ''
  let recovery = ''

  await test.step('turns it on', async () => {
    await second.getByRole('button', { name: '开启两步验证' }).click()
    await dialog.getByLabel('您的密码').fill(password)
    await dialog.getByRole('button', { name: '下一步' }).click()
    await expect(dialog.getByRole('img', { name: /二维码/ })).toBeVisible()
    await bears(page)
    key = await dialog.getByLabel('密钥').inputValue()
    await dialog.getByLabel('验证码').fill('000000')
    await dialog.getByRole('button', { name: '开启' }).click()
    await expect(dialog.getByText('验证码不正确')).toBeVisible()
    await dialog.getByLabel('验证码').fill(code(key, await now()))
    await dialog.getByRole('button', { name: '开启' }).click()
    await expect(dialog.getByRole('listitem')).toHaveCount(10)
    recovery = (await dialog.getByRole('listitem').first().textContent()) ?? ''
    await bears(page)
    await dialog.getByRole('button', { name: '已保存好' }).click()
    await expect(second.getByText('已开启')).toBeVisible()
  })

  const signIn = async (typed: string) => {
    await page.goto('/login')
    await page.getByLabel('用户名').fill(name)
    await page.getByLabel('密码').fill(password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await expect(page.getByRole('heading', { name: '还差一步' })).toBeVisible()
    await expect(page.getByLabel('手机上的验证码')).toBeFocused()
    await page.getByLabel('手机上的验证码').fill(typed)
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }
  const time = await now()

  await test.step('signs in with the next code of the phone', async () => {
    await signOut(page)
    await signIn('123456')
    await expect(page.getByRole('alert')).toContainText('验证码不正确')
    await bears(page)
    await page.getByLabel('手机上的验证码').fill(code(key, time, 1))
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('还差一步')
  })

  await test.step('signs in with a recovery code, and turns it off', async () => {
    await signOut(page)
    await signIn(recovery)
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('还差一步')
    await page.goto('/account')
    await expect(second.getByText('还剩 9 个恢复码')).toBeVisible()
    await second.getByRole('button', { name: '关闭两步验证' }).click()
    await dialog.getByLabel('您的密码').fill(password)
    await dialog.getByRole('button', { name: '关闭两步验证' }).click()
    await expect(page.getByText('两步验证已关闭。')).toBeVisible()
    await bears(page)
  })
})
