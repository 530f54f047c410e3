// The office sees who is asked too much, week by week; a unit sees what it was asked itself, and nothing of others.
import { bears, expect, person, phone, test } from './house'

test('the office looks who is asked most, opens a unit and goes back some weeks; a unit sees itself alone', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const page = office.page
  await page.goto('/')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '负担', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: '基层负担' })).toBeVisible()

  await test.step('a week in which much was asked, from its row among the last eight', async () => {
    await page.goto(`${office.home}/burden?day=2026-03-11`)
    const who = page.getByRole('region', { name: '哪些单位被要求得最多' })
    await expect(who.getByRole('row')).not.toHaveCount(0)
    await expect(page.getByText('用时是估算，不用填报', { exact: false })).toBeVisible()
    await expect(who.getByRole('button', { name: '团县委' })).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '上一周' }).click()
    await expect(page).toHaveURL(/day=2026-03-02/)
    await expect(who.getByRole('button', { name: '县教育局' })).toBeVisible()
  })

  await test.step('a unit opens beside the list, with its people', async () => {
    await page.getByRole('region', { name: '哪些单位被要求得最多' }).getByRole('button', { name: '县教育局' }).click()
    const people = page.getByRole('region', { name: '由谁办理' })
    await expect(people.getByRole('row').nth(1)).toBeVisible()
    await expect(people.getByText('发给本单位每一位联络员', { exact: false })).toBeVisible()
    await bears(page)
    await page.getByRole('button', { name: '回到本周' }).click()
    await expect(page).not.toHaveURL(/day=/)
    await page.setViewportSize(phone)
    await bears(page)
  })

  await test.step('a liaison sees their own unit', async () => {
    const liaison = await person(browser, server, 'liaison')
    await liaison.page.goto(`${liaison.home}/burden?day=2026-03-04`)
    const who = liaison.page.getByRole('region', { name: '哪些单位被要求得最多' })
    await expect(who.getByRole('button')).toHaveText(['县教育局'])
    await bears(liaison.page)
    const campaign = liaison.home.slice(3)
    const { items } = (await (await liaison.page.request.get(`/api/v1/campaigns/${campaign}/units?limit=200`)).json()) as { items: { id: string; name: string }[] }
    const other = items.find((u) => u.name === '县城管局')!
    expect((await liaison.page.request.get(`/api/v1/campaigns/${campaign}/burden/${other.id}`)).status()).toBe(404)
    await liaison.context.close()
  })
})
