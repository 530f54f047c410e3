// What was accepted is packed as a dossier, of all or of a part; a unit's people get their own; and nobody else fetches it.
import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { bears, expect, person, phone, test } from './house'

/** Has something packed and waits for it: it goes to the browser by itself. */
async function packed(page: Page, choose: () => Promise<unknown>) {
  await page.getByRole('button', { name: '生成卷宗' }).click()
  const dialog = page.getByRole('dialog')
  await choose()
  await bears(page)
  const coming = page.waitForEvent('download', { timeout: 60_000 })
  await dialog.getByRole('button', { name: '生成卷宗' }).click()
  const download = await coming
  const bytes = readFileSync(await download.path())
  return { name: download.suggestedFilename(), holds: (path: string) => bytes.includes(Buffer.from(path)), bytes }
}

test('the office packs all that was accepted, then a part of it, and a unit packs its own', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const page = office.page
  await page.goto(`${office.home}/evidence`)

  await test.step('all standards, each in a folder of its own', async () => {
    const { name, holds, bytes } = await packed(page, () => expect(page.getByRole('dialog').getByText(/已通过 \d+ 件/)).toBeVisible())
    expect(name).toBe('清水县创建文明城市卷宗.zip')
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    for (const path of ['00_封面.pdf', '01_待审材料索引表.xlsx', '02_材料审核记录表.xlsx', '03_文字材料.pdf', '0001_']) expect(holds(path), path).toBe(true)
  })

  await test.step('one part of one standard', async () => {
    const { name, holds } = await packed(page, async () => {
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('测评体系').selectOption({ index: 1 })
      const place = await dialog.getByLabel('范围').locator('option').nth(1).getAttribute('value')
      await dialog.getByLabel('范围').selectOption(place)
    })
    expect(name).toMatch(/^清水县创建文明城市卷宗_.+\.zip$/)
    expect(holds('01_待审材料索引表.xlsx')).toBe(true)
  })

  await test.step('what was packed waits among the documents, and is for nobody else', async () => {
    await page.goto(`${office.home}/documents`)
    const done = page.getByRole('region', { name: '做好的文件' })
    await expect(done.getByText('清水县创建文明城市卷宗.zip')).toBeVisible()
    await bears(page)
    const campaign = office.home.slice(3)
    const { items } = (await (await page.request.get(`/api/v1/campaigns/${campaign}/documents`)).json()) as { items: { id: string }[] }
    const leader = await person(browser, server, 'leader')
    expect((await leader.page.request.get(`/api/v1/jobs/${items[0]!.id}/file`)).status()).toBe(404)
    const part = await page.request.get(`/api/v1/jobs/${items[0]!.id}/file`, { headers: { Range: 'bytes=0-3' } })
    expect([part.status(), (await part.body()).length]).toEqual([206, 4])
    await leader.context.close()
  })

  await test.step('a liaison packs what their unit filed', async () => {
    const liaison = await person(browser, server, 'liaison')
    await liaison.page.goto(`${liaison.home}/evidence`)
    const { holds } = await packed(liaison.page, () => Promise.resolve())
    expect(holds('清明祭英烈主题活动照片'), 'what it filed itself').toBe(true)
    expect(holds('学雷锋志愿服务日活动照片'), 'what another unit filed').toBe(false)
    await liaison.page.setViewportSize(phone)
    await bears(liaison.page)
    await liaison.context.close()
  })
})
