// Whoever may not see a thing does not learn that it is there.
import { bears, expect, signInAs, test } from './house'

test('a liaison sees the own duties, and plans, users and ledger do not exist for them', async ({ page }) => {
  const home = await signInAs(page, 'liaison')
  await page.goto('/')
  await expect(page).toHaveURL(/\/tasks$/)
  await bears(page)
  await expect(page.getByRole('link', { name: '方案', exact: true })).toHaveCount(0)
  await expect(page.getByRole('link', { name: '添加任务' })).toHaveCount(0)
  for (const hidden of [`${home}/plans`, `${home}/plans/new`, `${home}/ledger`, '/users', '/ledger', `${home}/overview`, '/nothing/at/all', '/c/00000000-0000-7000-8000-000000000000/duties']) {
    await page.goto(hidden)
    await expect(page.getByRole('heading', { name: '没有这个页面' }), hidden).toBeVisible()
    await expect(page.getByText('地址写错了，或者不在您的权限之内。')).toBeVisible()
  }
  await bears(page)
  const campaign = home.slice(3)
  for (const [path, status] of [[`/campaigns/${campaign}/plans`, 404], ['/users', 404], [`/campaigns/${campaign}/overview`, 404]] as const) {
    const answer = await page.request.get(`/api/v1${path}`)
    expect([403, status], path).toContain(answer.status())
  }
})

test('nobody sees anything without signing in, and one comes back to where one wanted to go', async ({ page }) => {
  const home = await signInAs(page, 'office')
  await page.context().clearCookies()
  await page.goto(`${home}/units`)
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible()
  await bears(page)
  await page.getByLabel('用户名').fill('office')
  await page.getByLabel('密码').fill('wrong-password')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByRole('button', { name: /^创建办/ }).click()
  await expect(page).toHaveURL(new RegExp(`${home}/units$`))
})

test('the administrator adds a user, gives and takes roles, and stops the account', async ({ page, browser, server }) => {
  await signInAs(page, 'system_admin')
  await page.goto('/users')
  await bears(page)
  await page.getByRole('button', { name: '添加用户' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('姓名').fill('冯小雨')
  await dialog.getByLabel('用户名').fill('fengxiaoyu')
  await dialog.getByLabel('初始密码').fill('Qingshui-2026-q')
  await dialog.getByLabel('身份').selectOption('领导')
  await dialog.getByRole('button', { name: '添加用户' }).click()
  const panel = page.getByRole('complementary')
  await expect(panel.getByText('领导')).toBeVisible()
  await bears(page)

  const other = await browser.newContext({ baseURL: server.url })
  const signIn = () => other.request.post('/api/v1/session', { data: { name: 'fengxiaoyu', password: 'Qingshui-2026-q' } })
  expect((await signIn()).status()).toBe(200)
  await panel.getByRole('button', { name: '去掉这个身份' }).click()
  await expect(panel.getByText('还没有身份')).toBeVisible()
  await page.getByRole('status').getByRole('button', { name: '撤销' }).click()
  await expect(panel.getByText('领导')).toBeVisible()
  await panel.getByRole('button', { name: '停用' }).click()
  await expect(page.getByText('“冯小雨”已停用。')).toBeVisible()
  expect((await signIn()).status()).toBe(401)
  await other.close()
})
