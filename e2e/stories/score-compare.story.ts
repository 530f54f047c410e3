// A score beside another one, and by the units that hold it: the office looks what changed in a month, what another edition would
// give, and what a unit lost; a liaison sees none of it.
import { randomUUID } from 'node:crypto'
import { bears, expect, person, phone, signInAs, test } from './house'

// Another campaign is there for all: stories of other files count theirs.
test.use({ apart: 'score-compare' })

const campaignOf = (home: string) => home.split('/')[2]!

test('the office says who leads, sees what each unit lost, and compares two dates', async ({ page, server }) => {
  await page.goto(server.url)
  const home = await signInAs(page, 'office')
  const api = `/api/v1/campaigns/${campaignOf(home)}`
  await page.goto(home + '/score?view=units')
  const score = (await (await page.request.get(`${api}/score`)).json()) as { standard_id: string; places: { code: string; title: string; leaf: boolean; lost: string; open: string }[] }
  const owners = (await (await page.request.get(`${api}/standards/${score.standard_id}/owners`)).json()) as { leaves: { leaf: string; version: number; owners: unknown[] }[] }
  const { items: units } = (await (await page.request.get(`${api}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
  const unit = units.find((u) => u.name === '县城管局') ?? units[0]!
  const leaves = owners.leaves.filter((l) => !l.owners.length).slice(0, 6)
  const said = { leaves: leaves.map((l) => ({ leaf: l.leaf, version: l.version, owners: [{ unit_id: unit.id, role: 'lead' }] })) }
  expect((await page.request.put(`${api}/standards/${score.standard_id}/owners`, { data: said })).ok()).toBe(true)

  await page.reload()
  const table = page.getByRole('region', { name: '按单位' })
  await expect(table.getByText('各项指标合计')).toBeVisible()
  await bears(page)
  await table.getByRole('button', { name: unit.name, exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`unit=${unit.id}`))
  const leaf = score.places.find((p) => p.code === leaves[0]!.leaf)!
  await table.getByRole('link', { name: `${leaf.code} ${leaf.title}` }).click()
  await expect(page.getByRole('complementary').getByRole('heading', { level: 2 })).toHaveText(`${leaf.code} ${leaf.title}`)
  await bears(page)
  await page.getByRole('complementary').getByRole('button', { name: '关闭' }).click()

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出表格' }).click()
  expect((await download).suggestedFilename()).toContain('得分')

  // A month ago and today, without another word.
  await page.getByRole('link', { name: '比较' }).click()
  const sum = page.getByRole('region', { name: '总分相差' })
  await expect(sum).toContainText('现在')
  const tree = page.getByRole('treegrid', { name: '各项指标的差别' })
  await expect(tree).toBeVisible()
  await bears(page)
  const differing = await tree.getByRole('row').count()
  await page.getByLabel('只看有差别的').uncheck()
  await expect.poll(() => tree.getByRole('row').count()).toBeGreaterThan(differing)
  await expect(page).toHaveURL(/all=yes/)
  await page.getByLabel('只看有差别的').check()

  // The same day twice: nothing at all.
  await page.getByLabel('从', { exact: true }).fill('2026-06-01')
  await page.getByLabel('到', { exact: true }).fill('2026-06-01')
  await expect(page.getByText('两边每一项指标都一样。')).toBeVisible()
  await expect(page).toHaveURL(/from=2026-06-01/)
  await bears(page)

  await page.getByLabel('比什么').selectOption('edition')
  await expect(page.getByText('已登记的情况会按它再算一遍', { exact: false })).toBeVisible()
  await page.getByLabel('版本').selectOption({ index: 1 })
  await expect(sum).toContainText('版')
  await bears(page)
  await page.getByLabel('比什么').selectOption('campaign')
  await expect(page.getByText('没有别的项目可比')).toBeVisible()
  await bears(page)
})

for (const [device, viewport] of [['desk', { width: 1440, height: 900 }], ['phone', phone]] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`both views bear a look: ${device}, ${theme}`, async ({ page, server }) => {
      await page.setViewportSize(viewport)
      await page.addInitScript(([theme, language]) => {
        localStorage.setItem('chengjing.theme', theme!)
        localStorage.setItem('chengjing.locale', language!)
      }, [theme, theme === 'light' ? 'zh-CN' : 'en'])
      await page.goto(server.url)
      const home = await signInAs(page, 'leader')
      for (const query of ['view=units', 'view=units&unit=none', 'view=compare', 'view=compare&all=yes', 'view=compare&by=edition', 'view=compare&by=campaign']) {
        await page.goto(`${home}/score?${query}`)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await bears(page)
      }
    })

test('an office that has two campaigns lays one beside the other; whoever has one is offered none', async ({ browser, server }) => {
  const admin = await person(browser, server, 'system_admin')
  const here = campaignOf(admin.home)
  const send = async (path: string, data?: object, version?: number) => {
    const headers = { 'Idempotency-Key': randomUUID(), ...(version ? { 'If-Match': `"v${version}"` } : {}) }
    const answer = await admin.page.request.post(`/api/v1${path}`, { ...(data ? { data } : {}), headers })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as { id: string; version: number; standard: { id: string } }
  }
  const name = '清水县上一轮创建'
  const there = await send('/campaigns', { name, place: '清水县', kind: '文明城市', year: 2025 })
  const attached = (await (await admin.page.request.get(`/api/v1/campaigns/${here}/standards`)).json()) as { items: { edition: { id: string } }[] }
  await send(`/campaigns/${there.id}/standards`, { edition_id: attached.items[0]!.edition.id })
  const data = { name: 'lianglun', display_name: '梁两轮', password: 'Shanshui.2026-x', must_change_password: false, grants: [here, there.id].map((campaign_id) => ({ role: 'office', campaign_id })) }
  expect((await admin.page.request.post('/api/v1/users', { data })).status()).toBe(201)
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN' })
  const page = await context.newPage()
  expect((await page.request.post('/api/v1/session', { data: { name: data.name, password: data.password } })).ok()).toBe(true)

  await page.goto(`/c/${here}/score?view=compare&by=campaign`)
  await expect(page.getByText('选一个项目', { exact: true })).toBeVisible()
  await bears(page)
  await page.getByLabel('创建项目', { exact: true }).selectOption({ label: name })
  const sum = page.getByRole('region', { name: '总分相差' })
  await expect(sum).toContainText(name)
  const tree = page.getByRole('treegrid', { name: '各项指标的差别' })
  await expect.poll(() => tree.getByRole('row').count()).toBeGreaterThan(10)
  await bears(page)
  await page.setViewportSize(phone)
  await bears(page)

  // Who is in one campaign alone is not told that there is another, not even by trying its id.
  const office = await person(browser, server, 'office')
  await office.page.goto(`${office.home}/score?view=compare&by=campaign`)
  await expect(office.page.getByText('没有别的项目可比')).toBeVisible()
  const asked = (id: string) => office.page.request.get(`/api/v1/campaigns/${here}/score/compare?with_campaign=${id}`)
  const [real, madeUp] = [await asked(there.id), await asked(randomUUID())]
  expect(real.status()).toBe(madeUp.status())
  expect(((await real.json()) as { type: string }).type).toBe(((await madeUp.json()) as { type: string }).type)
  await context.close()
})

test('a liaison is shown neither what units hold nor a comparison', async ({ browser, server }) => {
  const { page, home, context } = await person(browser, server, 'liaison')
  for (const path of ['score/units', 'score/compare']) {
    const answer = await page.request.get(`/api/v1/campaigns/${campaignOf(home)}/${path}`)
    expect(answer.status()).toBe(403)
  }
  await page.goto(server.url + home + '/score?view=units')
  await expect(page.getByRole('region', { name: '按单位' })).toHaveCount(0)
  await context.close()
})
