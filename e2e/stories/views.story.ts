// The ledger of duties from every side: by unit, by leader, by one's own view, on a board, on a calendar.
import type { Browser } from '@playwright/test'
import { bears, expect, signInAs, test, type Server } from './house'

const phone = { width: 390, height: 844 }

/** A person of their own in their own browser. */
async function person(browser: Browser, server: Server, role: string, viewport?: { width: number; height: number }) {
  const context = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', ...(viewport ? { viewport } : {}) })
  const page = await context.newPage()
  const home = await signInAs(page, role)
  const inside = (rest: string) => `/api/v1/campaigns/${home.slice(3)}/${rest}`
  return { context, page, home, inside }
}
type Person = Awaited<ReturnType<typeof person>>

async function unitId(who: Person, name: string) {
  const { items } = (await (await who.page.request.get(who.inside('units?limit=200'))).json()) as { items: { id: string; name: string }[] }
  return items.find((u) => u.name === name)!.id
}

test('one page tells all of a unit to the office and to the unit, and nothing of it to another', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const [own, other] = [await unitId(office, '县教育局'), await unitId(office, '县交通局')]
  await test.step('the office sees what it owes, what it did, and what that cost it', async () => {
    await office.page.goto(`${office.home}/units/${other}`)
    const record = office.page.getByRole('region', { name: '任务办理情况' })
    await record.getByRole('link', { name: /已办结/ }).click()
    await expect(office.page).toHaveURL(/tasks=done/)
    await expect(record.getByRole('listitem').first()).toBeVisible()
    await expect(office.page.getByRole('heading', { name: '半年来每周的上报按时吗？' })).toBeVisible()
    await expect(office.page.getByRole('region', { name: '半年来它被要求了多少？' }).getByText('填报和上报次数')).toBeVisible()
    await bears(office.page)
    await record.getByRole('listitem').first().getByRole('link').click()
    await expect(office.page).toHaveURL(/\/tasks\//)
  })
  const liaison = await person(browser, server, 'liaison', phone)
  await test.step('a liaison on a phone sees their own', async () => {
    await liaison.page.goto(`${liaison.home}/units/${own}`)
    await expect(liaison.page.getByRole('region', { name: '任务办理情况' })).toBeVisible()
    await bears(liaison.page)
  })
  await test.step('of another unit only what everybody may know', async () => {
    await liaison.page.goto(`${liaison.home}/units/${other}`)
    await expect(liaison.page.getByRole('heading', { name: '县交通局' })).toBeVisible()
    await expect(liaison.page.getByText('它还没有任务。')).toBeVisible()
    await expect(liaison.page.getByRole('region', { name: '任务办理情况' })).toHaveCount(0)
    expect((await liaison.page.request.get(liaison.inside(`units/${other}/record`))).status()).toBe(404)
    await bears(liaison.page)
  })
  for (const one of [office, liaison]) await one.context.close()
})
