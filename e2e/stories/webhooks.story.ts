// Other programs are told what happens: the office names an address, keeps its secret, and lets go of it again.
import { bears, expect, person, test } from './house'

test('the office names a receiver, is shown its secret once, and gives it a new one; nobody else learns of it', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const { page } = office
  await page.goto(`${office.home}/settings`)
  await page.getByRole('link', { name: '管理消息推送' }).click()
  await expect(page.getByText('还没有接收地址')).toBeVisible()
  await bears(page)
  const dialog = page.getByRole('dialog')
  let first = ''

  await test.step('an address that is not open to the world is refused at its field, and nothing typed is lost', async () => {
    await page.getByRole('button', { name: '添加接收地址' }).click()
    await dialog.getByLabel('名称').fill('县融媒体大屏')
    await dialog.getByLabel('接收地址').fill('http://127.0.0.1:9/hook')
    await dialog.getByRole('button', { name: '添加接收地址' }).click()
    await expect(dialog.getByLabel('接收地址')).toHaveAttribute('aria-invalid', 'true')
    await expect(dialog.getByLabel('名称')).toHaveValue('县融媒体大屏')
    await bears(page)
  })

  await test.step('the secret is shown once', async () => {
    await dialog.getByLabel('接收地址').fill('https://screen.example.com/hook')
    await dialog.getByRole('button', { name: '添加接收地址' }).click()
    await expect(dialog.getByLabel('签名密钥')).toHaveValue(/^whsec_/)
    first = await dialog.getByLabel('签名密钥').inputValue()
    await bears(page)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('link', { name: '县融媒体大屏' })).toBeVisible()
    await expect(page.getByLabel('签名密钥')).toHaveCount(0)
    await bears(page)
  })

  await test.step('it is given a new one from its menu', async () => {
    await page.getByRole('button', { name: '其他' }).click()
    await page.getByRole('menuitem', { name: '换密钥' }).click()
    await dialog.getByRole('button', { name: '换密钥' }).click()
    await expect(dialog.getByLabel('签名密钥')).toHaveValue(/^whsec_/)
    expect(await dialog.getByLabel('签名密钥').inputValue()).not.toBe(first)
    await page.keyboard.press('Escape')
    await expect(page.getByText('新旧密钥都有效')).toBeVisible()
  })

  await test.step('a liaison learns nothing of it', async () => {
    const liaison = await person(browser, server, 'liaison')
    const answer = await liaison.page.request.get(`/api/v1/campaigns/${office.home.slice(3)}/webhooks`)
    expect([403, 404]).toContain(answer.status())
    await liaison.page.goto(`${liaison.home}/settings/webhooks`)
    await expect(liaison.page.getByText('县融媒体大屏')).toHaveCount(0)
    await liaison.context.close()
  })

  await test.step('it goes as it came', async () => {
    await page.getByRole('button', { name: '其他' }).click()
    await page.getByRole('menuitem', { name: '删除' }).click()
    await dialog.getByRole('button', { name: '删除' }).click()
    await expect(page.getByText('还没有接收地址')).toBeVisible()
  })
  await office.context.close()
})
