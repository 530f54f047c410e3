// A score beside another one, and by the units that hold it: the office looks what changed in a month, what another edition would
// give, and what a unit lost; a liaison sees none of it.
import { bears, expect, person, phone, signInAs, test } from './house'

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
