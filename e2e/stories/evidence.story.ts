// Materials: one set of photographs for two standards, one accepted and one returned with a reason, filed again; nobody else sees it.
import { bears, expect, person, phone, shot, test } from './house'

test('a set of photographs is filed for two standards, reviewed for each, filed again, and hidden from others', async ({ browser, server }) => {
  const liaison = await person(browser, server, 'liaison')
  const page = liaison.page
  const title = '社区志愿辅导日照片'
  let address = ''

  await test.step('the unit sees what is asked of it, and what is missing', async () => {
    await page.goto(`${liaison.home}/evidence`)
    await expect(page.getByRole('heading', { level: 1, name: '县教育局的材料' })).toBeVisible()
    await expect(page.getByRole('heading', { name: '心理健康教育与辅导站' })).toBeVisible()
    await expect(page.getByText('还缺 1 件').first()).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '看材料' }).first().click()
    await expect(page.getByRole('table').first()).toBeVisible()
    await bears(page)
  })

  await test.step('limits are said while it is filed', async () => {
    await page.getByRole('link', { name: '报送材料', exact: true }).click()
    await page.locator('input[type=file]').setInputFiles([shot('IMG_1.jpg', 11), shot('IMG_2.jpg', 12), shot('IMG_3.jpg', 13), shot('IMG_4.jpg', 14)])
    await page.getByLabel('标题').fill(title)
    await page.getByLabel('活动名称').fill('社区志愿辅导日')
    await page.getByLabel('日期').fill('2026-06-20')
    await page.getByLabel('添加一项要求').selectOption({ label: 'Ⅲ-8 志愿服务活动' })
    await page.getByLabel('添加一项要求').selectOption({ label: 'Ⅲ-59 关爱未成年人志愿服务' })
    await expect(page.getByText('同一活动的图片最多3张，连同这份共4张').first()).toBeVisible()
    await expect(page.getByText('说明中要写明“地点”').first()).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '去掉IMG_4.jpg' }).click()
    await page.getByLabel('图片说明 · 时间').fill('6月20日上午')
    await page.getByLabel('图片说明 · 地点').fill('柳园社区')
    await page.getByLabel('图片说明 · 内容').fill('志愿者辅导功课')
    await expect(page.getByText('符合要求')).toHaveCount(2)
    await expect(page.getByText('已收到，内容一致')).toHaveCount(3)
    await page.getByRole('button', { name: '报送', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    const links = page.getByRole('region', { name: '用于的要求' })
    await expect(links.getByText('待审核')).toHaveCount(2)
    await bears(page)
    address = page.url()
  })

  await test.step('the reviewer accepts it for one and returns it for the other, by keyboard', async () => {
    const reviewer = await person(browser, server, 'reviewer')
    const desk = reviewer.page
    await desk.goto(`${reviewer.home}/evidence/reviews`)
    const queue = desk.getByRole('navigation', { name: '材料审核' })
    await expect(queue.getByRole('button').first()).toHaveAttribute('aria-current', 'true')
    await desk.keyboard.press('j')
    await expect(queue.getByRole('button').nth(1)).toHaveAttribute('aria-current', 'true')
    await bears(desk)
    await queue.getByRole('button', { name: new RegExp(`${title}.* 志愿服务活动`) }).click()
    await expect(desk.getByRole('heading', { level: 2, name: title })).toBeVisible()
    await expect(desk.getByRole('button', { name: '通过', exact: true })).toBeVisible()
    await desk.keyboard.press('a')
    await expect(queue.getByRole('button', { name: new RegExp(title) })).toHaveCount(1)
    await queue.getByRole('button', { name: new RegExp(title) }).click()
    await expect(desk.getByText('关爱未成年人志愿服务', { exact: false }).last()).toBeVisible()
    await desk.keyboard.press('r')
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('退回理由').fill('请补一张能看清孩子人数的照片')
    await bears(desk)
    await dialog.getByRole('button', { name: '退回', exact: true }).click()
    await expect(queue.getByRole('button', { name: new RegExp(title) })).toHaveCount(0)
    await desk.setViewportSize(phone)
    await bears(desk)
    await reviewer.context.close()
  })

  await test.step('the unit reads why, and files another version; what was accepted stands', async () => {
    await page.goto(address)
    await expect(page.getByText('请补一张能看清孩子人数的照片').first()).toBeVisible()
    await page.getByRole('button', { name: '补充材料' }).click()
    await page.getByRole('button', { name: '这一版不用IMG_3.jpg' }).click()
    await page.locator('input[type=file]').setInputFiles([shot('IMG_5.jpg', 15)])
    await page.getByLabel('对审核人说明').fill('换了一张全景')
    await expect(page.getByText('已收到，内容一致')).toHaveCount(1)
    await bears(page)
    await page.getByRole('button', { name: '提交新版' }).click()
    const links = page.getByRole('region', { name: '用于的要求' })
    await expect(links.getByText('待审核')).toHaveCount(2)
    await expect(links.getByText(/通过第 1 版/)).toBeVisible()
    await page.getByLabel('留言').fill('如还不行请电话联系')
    await page.getByRole('button', { name: '留言' }).click()
    await expect(page.getByRole('region', { name: '往来记录' }).getByText('换了一张全景').first()).toBeVisible()
    await page.setViewportSize(phone)
    await bears(page)
  })

  await test.step('another unit, an inspector and an outsider find nothing, not even the file by its address', async () => {
    const campaign = liaison.home.slice(3)
    const evidence = address.split('/').at(-1)
    const at = `/api/v1/campaigns/${campaign}/evidence/${evidence}`
    const { files } = (await (await page.request.get(at)).json()) as { files: { id: string }[] }
    const file = `/api/v1/campaigns/${campaign}/attachments/${files[0]!.id}/content`
    expect((await page.request.get(file)).status()).toBe(200)
    const outsider = await browser.newContext({ baseURL: server.url })
    expect((await outsider.request.get(file)).status()).toBe(401)
    const inspector = await person(browser, server, 'inspector')
    expect((await inspector.page.request.get(file)).status()).toBe(404)
    await inspector.page.goto(address)
    await expect(inspector.page.getByRole('heading', { level: 1, name: '没有这个页面' })).toBeVisible()
    await inspector.context.close()
    const { items } = (await (await page.request.get(`/api/v1/campaigns/${campaign}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
    const other = await outsider.newPage()
    for (const name of ['liaison02', 'liaison03']) {
      expect((await other.request.post('/api/v1/session', { data: { name, password: 'Qingshui-2026' } })).ok()).toBe(true)
      const session = (await (await other.request.get('/api/v1/session')).json()) as { campaigns: { units: { name: string }[] }[] }
      expect(items.map((u) => u.name)).toContain(session.campaigns[0]!.units[0]!.name)
      if (session.campaigns[0]!.units[0]!.name === '县教育局') continue
      for (const path of [at, `${at}/remarks`, file]) expect((await other.request.get(path)).status()).toBe(404)
      const list = (await (await other.request.get(`/api/v1/campaigns/${campaign}/evidence?q=${encodeURIComponent(title)}`)).json()) as { items: unknown[] }
      expect(list.items).toEqual([])
    }
    await outsider.close()
  })
})

test('the office sees what is missing by unit, says who is asked, and finds materials', async ({ page, server }) => {
  await page.goto(server.url)
  const office = await person(page.context().browser()!, server, 'office')
  const desk = office.page
  await desk.goto(`${office.home}/evidence`)
  await expect(desk.getByRole('region', { name: '各单位' })).toContainText('县教育局')
  await bears(desk)
  await desk.getByText('精神文明建设').first().click()
  await desk.getByRole('button', { name: '指定单位' }).first().click()
  const dialog = desk.getByRole('dialog')
  await dialog.getByRole('combobox').fill('县司法局')
  await dialog.getByRole('option', { name: /县司法局/ }).first().click()
  await dialog.getByText('被指定的单位会在').click()
  await bears(desk)
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(desk.getByText('已指定')).toBeVisible()
  await desk.getByRole('link', { name: '全部材料' }).click()
  await desk.getByRole('searchbox', { name: '按标题、活动查找' }).fill('法治宣传')
  await expect(desk.getByRole('link', { name: '法治宣传教育工作情况报告' })).toBeVisible()
  await bears(desk)
  await desk.getByRole('link', { name: '法治宣传教育工作情况报告' }).click()
  await desk.getByRole('button', { name: /第 1 版/ }).click()
  await expect(desk.getByRole('region', { name: '文件' })).not.toContainText('普法考试参加率')
  await bears(desk)
  await desk.setViewportSize(phone)
  await bears(desk)
  await desk.goto(`${office.home}/evidence`)
  await bears(desk)
})
