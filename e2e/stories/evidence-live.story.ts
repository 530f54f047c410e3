// Pages of materials that are open while others file, decide and talk: they show it, and disturb nobody.
import { bears, expect, person, test } from './house'

interface Link { id: string; version: number }

test('who types or decides sees what others did, and keeps what they typed', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const campaign = office.home.slice(3)
  const at = (rest: string) => `/api/v1/campaigns/${campaign}/${rest}`
  const get = async <T>(rest: string) => (await (await office.page.request.get(at(rest))).json()) as T

  await test.step('a remark of somebody else appears beside the one that is being written', async () => {
    const liaison = await person(browser, server, 'liaison')
    const { items } = (await (await liaison.page.request.get(at('evidence?limit=1'))).json()) as { items: { id: string }[] }
    const own = items[0]!.id
    await liaison.page.goto(`${liaison.home}/evidence/${own}`)
    const typed = liaison.page.getByRole('textbox', { name: '留言' })
    await typed.fill('写到一半')
    const said = await office.page.request.post(at(`evidence/${own}/remarks`), { data: { text: '请补一张全景照片' } })
    expect(said.status()).toBe(201)
    await expect(liaison.page.getByText('请补一张全景照片')).toBeVisible()
    await expect(typed).toHaveValue('写到一半')
    await bears(liaison.page)
    await liaison.context.close()
  })

  await test.step('of two reviewers the slower one is told at once, and loses neither place nor words', async () => {
    const { page, home, context } = await person(browser, server, 'reviewer')
    const { items } = await get<{ items: { id: string; evidence_id: string; title: string }[] }>('reviews?state=submitted&limit=10')
    const accept = async (row: (typeof items)[number]) => {
      const { links } = await get<{ links: Link[] }>(`evidence/${row.evidence_id}`)
      const link = links.find((l) => l.id === row.id)!
      const answer = await office.page.request.post(at(`evidence/${row.evidence_id}/reviews`), { data: { decisions: [{ deed: 'accept', link_id: link.id, version: link.version }] } })
      expect(answer.ok()).toBe(true)
    }
    await page.goto(`${home}/evidence/reviews`)
    const queue = page.getByRole('navigation', { name: '材料审核' }).getByRole('listitem')
    await expect(queue).toHaveCount(items.length)
    await page.keyboard.press('j')
    const heading = page.getByRole('heading', { level: 2, name: items[1]!.title })
    await expect(heading).toBeVisible()
    await accept(items[0]!)
    await expect(queue).toHaveCount(items.length - 1)
    await expect(heading).toBeVisible()

    await page.getByRole('button', { name: '退回' }).click()
    const reason = page.getByRole('dialog').getByLabel('退回理由')
    await reason.fill('照片太暗')
    await accept(items[1]!)
    const news = page.getByText('其他人刚刚处理了这一份：已通过。')
    await expect(news).toBeVisible()
    await expect(reason).toHaveValue('照片太暗')
    await page.keyboard.press('Escape')
    await expect(heading).toBeVisible()
    await expect(page.getByRole('button', { name: '通过', exact: true })).toHaveCount(0)
    await bears(page)
    await page.getByRole('button', { name: '看最新的' }).click()
    await expect(news).toHaveCount(0)
    await expect(queue).toHaveCount(items.length - 1)
    await page.keyboard.press('j')
    await expect(queue).toHaveCount(items.length - 2)
    await context.close()
  })
  await office.context.close()
})
