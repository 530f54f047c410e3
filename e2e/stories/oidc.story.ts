// Login by the unit's unified login, with a provider of its own on this machine.
import type { Page } from '@playwright/test'
import Provider from 'oidc-provider'
import type { Server as Listening } from 'node:http'
import { bears, expect, freePort, phone, Server, test as base } from './house'

interface House {
  app: Server
  /** Opens the provider, which is away at first. */
  open: () => Promise<void>
}
const password = 'Shuanghe-2026!'

const test = base.extend<object, { house: House }>({
  house: [
    // eslint-disable-next-line no-empty-pattern -- a fixture that needs no other
    async ({}, use) => {
      const [port, appPort] = [await freePort(), await freePort()]
      const issuer = `http://127.0.0.1:${port}`
      const provider = new Provider(issuer, {
        clients: [{ client_id: 'chengjing', client_secret: 'between the two', redirect_uris: [`http://127.0.0.1:${appPort}/login/oidc`], response_types: ['code'], grant_types: ['authorization_code'] }],
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
        claims: { openid: ['sub'], profile: ['preferred_username'] },
        conformIdTokenClaims: false,
        features: { devInteractions: { enabled: true } },
      })
      let listening: Listening | null = null
      const open = () =>
        new Promise<void>((done) => {
          listening = provider.listen(port, '127.0.0.1', () => done())
        })
      const environment = { CHENGJING_SITE: `http://127.0.0.1:${appPort}`, CHENGJING_OIDC_ISSUER: issuer, CHENGJING_OIDC_CLIENT_ID: 'chengjing', CHENGJING_OIDC_CLIENT_SECRET: 'between the two' }
      const app = new Server('serve', appPort, environment)
      await app.start()
      await use({ app, open })
      const server = listening as Listening | null
      server?.closeAllConnections()
      server?.close()
      await app.stop()
      app.remove()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ house }, use) => use(house.app.url),
})

/** What somebody does on the provider's own pages. */
async function at(page: Page, account: string) {
  await page.locator('input[name=login]').fill(account)
  await page.locator('input[name=password]').fill('whatever')
  await page.getByRole('button', { name: /sign.?in/i }).click()
  await page.getByRole('button', { name: /continue/i }).click()
}

test('people come in by the unified login once it is known who they are, and are told why when they do not', async ({ page, browser, house }) => {
  const button = (of: Page) => of.getByRole('button', { name: '单位统一认证登录' })
  const setUp = await page.request.post('/api/v1/setup', { data: { name: 'guanli', display_name: '何管理', password } })
  expect(setUp.status()).toBe(201)
  const wang = { name: 'wangfang', display_name: '王芳', password, must_change_password: false, grants: [] }
  expect((await page.request.post('/api/v1/users', { data: wang })).status()).toBe(201)

  await test.step('the administrator enters under which name somebody will come', async () => {
    await page.goto('/users')
    await page.getByRole('row', { name: /王芳/ }).getByRole('button').first().click()
    await page.getByRole('complementary').getByRole('button', { name: '统一认证' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('在统一认证里的名称').fill('wang.fang')
    await bears(page)
    await dialog.getByRole('button', { name: '保存' }).click()
    await expect(page.getByText('已登记统一认证名称“wang.fang”。')).toBeVisible()
  })

  await test.step('while the provider is away the page says so, and the password still opens', async () => {
    const context = await browser.newContext({ baseURL: house.app.url, locale: 'zh-CN' })
    const own = await context.newPage()
    await own.goto('/login')
    await button(own).click()
    await expect(own.getByRole('alert')).toContainText('统一认证服务器没有回应')
    await bears(own)
    await own.getByLabel('用户名').fill('wangfang')
    await own.getByLabel('密码').fill(password)
    await own.getByRole('button', { name: '登录', exact: true }).click()
    await expect(own).not.toHaveURL(/login/)
    await context.close()
    await house.open()
  })

  await test.step('who is expected comes in, and is linked from then on', async () => {
    const context = await browser.newContext({ baseURL: house.app.url, locale: 'zh-CN' })
    const own = await context.newPage()
    await own.goto('/login?next=/account')
    await expect(button(own)).toBeVisible()
    await bears(own)
    await button(own).click()
    await at(own, 'wang.fang')
    await expect(own).toHaveURL(/\/account$/)
    await expect(own.getByText('王芳').first()).toBeVisible()
    const card = own.getByRole('region', { name: '统一认证' })
    await expect(card.getByText('已关联')).toBeVisible()
    await bears(own)
    await context.close()
  })

  await test.step('whom nobody here knows is told so, on a phone too', async () => {
    const context = await browser.newContext({ baseURL: house.app.url, locale: 'zh-CN', viewport: phone })
    const own = await context.newPage()
    await own.goto('/login')
    await button(own).click()
    await at(own, 'stranger')
    await expect(own.getByRole('alert')).toContainText('“stranger”还没有关联')
    await bears(own)
    await own.reload()
    await expect(own.getByRole('alert')).toContainText('已经用过')
    await own.getByRole('button', { name: '回到登录' }).click()
    await expect(button(own)).toBeVisible()
    await context.close()
  })

  await test.step('somebody links their own account with their password, and unlinks it', async () => {
    await page.goto('/account')
    const card = page.getByRole('region', { name: '统一认证' })
    await card.getByRole('button', { name: '关联统一认证账号' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('您的密码').fill('wrong')
    await dialog.getByRole('button', { name: '下一步' }).click()
    await expect(dialog.getByText('密码不正确')).toBeVisible()
    await dialog.getByLabel('您的密码').fill(password)
    await bears(page)
    await dialog.getByRole('button', { name: '下一步' }).click()
    await at(page, 'he')
    await expect(page).toHaveURL(/\/account$/)
    await expect(card.getByText('已关联')).toBeVisible()
    await card.getByRole('button', { name: '取消关联' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消关联' }).click()
    await expect(page.getByText('已取消关联。')).toBeVisible()
  })
})
