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

test('a leader begins with one page that fits a sheet, and each number leads to what is behind it', async ({ browser, server }) => {
  const leader = await person(browser, server, 'leader')
  const { page } = leader
  await test.step('it is where they begin, and nothing on it is refused to them', async () => {
    await page.goto('/')
    await expect(page).toHaveURL(/\/leader$/)
    for (const question of ['哪些单位逾期最多？', '一周内该办完什么？', '什么在等决定？', '指标达到了吗？', '现在到了哪个阶段？']) await expect(page.getByRole('heading', { name: question })).toBeVisible()
    await expect(page.getByText('现在', { exact: true })).toBeVisible()
    await expect(page.getByRole('main').getByRole('button')).toHaveCount(1)
    await bears(page)
  })
  await test.step('printed it is one sheet', async () => {
    await page.emulateMedia({ media: 'print' })
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    await page.emulateMedia({ media: 'screen' })
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1)
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12]/)
  })
  await test.step('a number opens its list, with nothing to decide for a leader', async () => {
    await page.getByRole('link', { name: /等创建办决定/ }).click()
    await expect(page).toHaveURL(/tasks\?view=office/)
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await expect(page.getByRole('button', { name: '确认所选' })).toHaveCount(0)
    await page.goBack()
    await page.getByRole('region', { name: '哪些单位逾期最多？' }).getByRole('link').first().click()
    await expect(page).toHaveURL(/units\/.*tasks=late/)
    await expect(page.getByRole('region', { name: '任务办理情况' }).getByRole('listitem').first()).toBeVisible()
  })
  const onPhone = await person(browser, server, 'leader', phone)
  await onPhone.page.goto(`${onPhone.home}/leader`)
  await bears(onPhone.page)
  const office = await person(browser, server, 'office')
  await office.page.goto(`${office.home}/overview`)
  await office.page.getByRole('link', { name: '领导一页' }).click()
  await expect(office.page.getByRole('heading', { name: '领导一页' })).toBeVisible()
  const liaison = await person(browser, server, 'liaison')
  await test.step('it is not there for a liaison', async () => {
    await liaison.page.goto(`${liaison.home}/leader`)
    await expect(liaison.page.getByRole('heading', { name: '没有这个页面' })).toBeVisible()
    expect((await liaison.page.request.get(liaison.inside('targets'))).status()).toBe(403)
  })
  for (const one of [leader, onPhone, office, liaison]) await one.context.close()
})

test('a view of the list is saved, shown first, brought up to date, shared, and told when it is gone', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const { page } = office
  const tabs = page.getByRole('navigation', { name: '视图' })
  await test.step('what is filtered is saved under a name', async () => {
    await page.goto(`${office.home}/duties?target=true&order=last_due`)
    await page.getByRole('button', { name: '存为视图' }).click()
    await page.getByRole('dialog').getByLabel('名称').fill('带指标的')
    await bears(page)
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await expect(tabs.getByRole('link', { name: '带指标的' })).toHaveAttribute('aria-current', 'true')
    await expect(page).toHaveURL(/target=true/)
  })
  await test.step('the list begins with it from now on, and with all again when that is chosen', async () => {
    await page.getByRole('button', { name: '“带指标的”还能' }).click()
    await page.getByRole('menuitem', { name: '打开时先看它' }).click()
    await expect(page.getByText('以后打开责任列表先看“带指标的”')).toBeVisible()
    await page.goto(`${office.home}/duties`)
    await expect(page).toHaveURL(/target=true/)
    await bears(page)
  })
  await test.step('what was changed is told, and taken over', async () => {
    await page.getByLabel('分组').selectOption('phase')
    await expect(page.getByText('和存下的不一样')).toBeVisible()
    await page.getByRole('button', { name: '更新视图' }).click()
    await expect(page.getByText('视图“带指标的”已更新')).toBeVisible()
    await expect(page.getByText('和存下的不一样')).toHaveCount(0)
  })
  await test.step('whoever was slower is told and overwrites nothing', async () => {
    const { items } = (await (await page.request.get(office.inside('views'))).json()) as { items: { id: string; name: string; version: number }[] }
    const own = items.find((v) => v.name === '带指标的')!
    const other = await page.request.patch(office.inside(`views/${own.id}`), { data: { name: '有指标的' }, headers: { 'If-Match': `"v${own.version}"` } })
    expect(other.ok()).toBe(true)
    await page.getByRole('button', { name: '“带指标的”还能' }).click()
    await page.getByRole('menuitem', { name: '改名' }).click()
    await page.getByRole('dialog').getByLabel('名称').fill('指标任务')
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click()
    await page.reload()
    await expect(tabs.getByRole('link', { name: '有指标的' })).toBeVisible()
  })
  await test.step('a shared one is there for a liaison, who cannot change it', async () => {
    const shape = { filter: { unit: '00000000-0000-7000-8000-000000000000' }, order: 'first_due', group: null, columns: ['units', 'due'] }
    expect((await page.request.post(office.inside('views'), { data: { name: '旧单位的', shared: true, shape } })).status()).toBe(201)
    const liaison = await person(browser, server, 'liaison', phone)
    await liaison.page.goto(`${liaison.home}/duties`)
    await liaison.page.getByRole('navigation', { name: '视图' }).getByRole('link', { name: /旧单位的/ }).click()
    await expect(liaison.page.getByText('按已不存在的单位筛选')).toBeVisible()
    await liaison.page.getByRole('button', { name: '“旧单位的”还能' }).click()
    await expect(liaison.page.getByRole('menuitem', { name: '改名' })).toHaveCount(0)
    await liaison.page.keyboard.press('Escape')
    await bears(liaison.page)
    expect((await liaison.page.request.post(liaison.inside('views'), { data: { name: '别的', shared: true, shape } })).status()).toBe(403)
    await liaison.context.close()
  })
  await test.step('deleted, it is gone', async () => {
    await page.reload()
    for (const name of ['旧单位的', '有指标的']) {
      await tabs.getByRole('link', { name }).click()
      await page.getByRole('button', { name: `“${name}”还能` }).click()
      await page.getByRole('menuitem', { name: '删除' }).click()
      await expect(tabs.getByRole('link', { name })).toHaveCount(0)
    }
    await expect(tabs.getByRole('link', { name: '全部' })).toHaveAttribute('aria-current', 'true')
  })
  await office.context.close()
})

test('the list is read in groups, changed in its cells by keyboard, and what somebody else changed is not lost', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const { page } = office
  const add = async (title: string) => {
    const answer = await page.request.post(office.inside('duties'), { data: { title, text: title, units: [{ id: await unitId(office, '县教育局'), role: 'responsible' }], due: '2026-08-03' }, headers: { 'Idempotency-Key': crypto.randomUUID() } })
    return ((await answer.json()) as { id: string }).id
  }
  const title = '更换校园周边隔离墩'
  const id = await add(title)
  await test.step('groups open and close and say how many they hold', async () => {
    await page.goto(`${office.home}/duties?group=month`)
    const groups = page.getByRole('region', { name: /^2026年/ })
    await expect(groups.first().getByRole('row').nth(1)).toBeVisible()
    await expect(page.getByRole('button', { name: /2026年8月 .*项/ })).toHaveAttribute('aria-expanded', 'false')
    await page.getByRole('button', { name: /2026年8月/ }).click()
    await expect(page.getByRole('region', { name: '2026年8月' }).getByRole('link', { name: title })).toBeVisible()
    await bears(page)
    await page.goto(`${office.home}/duties?group=unit&unit=${await unitId(office, '县教育局')}`)
    await expect(page.getByRole('region', { name: '县教育局' }).getByRole('row').nth(1)).toBeVisible()
  })
  await test.step('by the parts of the plan, with numbers beside a filter, and nothing made by hand under a heading', async () => {
    await page.goto(`${office.home}/duties?view=all`)
    await page.getByLabel('分组').selectOption('part')
    await expect(page.getByRole('button', { name: /^三、重点任务 › .*项$/ }).first()).toHaveAttribute('aria-expanded', 'true')
    await page.goto(`${office.home}/duties?group=part&q=${encodeURIComponent('隔离墩')}`)
    await expect(page.getByRole('button', { name: /未归入章节 1 项/ })).toBeVisible()
    await expect(page.getByRole('button', { name: /三、重点任务/ })).toHaveCount(0)
    await bears(page)
    const part = '三、重点任务 › (五)优化青少年成长环境'
    await page.goto(`${office.home}/duties?part=${encodeURIComponent(part)}`)
    await expect(page.getByLabel('方案章节')).toHaveValue(part)
    await expect(page.getByRole('row').nth(1)).toBeVisible()
  })
  const cell = (what: string) => page.getByRole('button', { name: `${title}的${what} 修改` })
  const row = page.getByRole('row').filter({ hasText: title })
  await test.step('F2 or Enter begins, Escape leaves all as it was, Enter saves', async () => {
    await page.goto(`${office.home}/duties?q=${encodeURIComponent('隔离墩')}`)
    await cell('时限').focus()
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: `${title}的时限` }).fill('8月20日')
    await page.keyboard.press('Escape')
    await expect(cell('时限')).toHaveText(/8月3日/)
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: `${title}的时限` }).fill('2026-08-20')
    await page.keyboard.press('Enter')
    await expect(cell('时限')).toHaveText(/8月20日/)
    await bears(page)
  })
  await test.step('Tab saves and goes on', async () => {
    await cell('牵头单位').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: `${title}的牵头单位` }).selectOption({ label: '县交通局' })
    await page.keyboard.press('Tab')
    await expect(row.getByText('县交通局')).toBeVisible()
  })
  await test.step('somebody else was faster: both values stand in the cell until one is chosen', async () => {
    await cell('时限').click()
    await page.getByRole('textbox', { name: `${title}的时限` }).fill('2026-08-25')
    const { version } = (await (await page.request.get(office.inside(`duties/${id}`))).json()) as { version: number }
    const other = await page.request.patch(office.inside(`duties/${id}`), { data: { due: '2026-08-10' }, headers: { 'If-Match': `"v${version}"` } })
    expect(other.ok()).toBe(true)
    await page.keyboard.press('Enter')
    await expect(row.getByText(/别人刚改成：8月10日/)).toBeVisible()
    await expect(row.getByText(/您要改成：8月25日/)).toBeVisible()
    await bears(page)
    await row.getByRole('button', { name: '用我的' }).click()
    await expect(cell('时限')).toHaveText(/8月25日/)
  })
  await test.step('the chosen duties are urged in one act', async () => {
    await row.getByRole('checkbox').check()
    await page.getByRole('button', { name: '催办', exact: true }).click()
    await expect(page.getByText(/已催办|请复制文字/)).toBeVisible()
  })
  await test.step('a liaison changes nothing in the list', async () => {
    const liaison = await person(browser, server, 'liaison')
    await liaison.page.goto(`${liaison.home}/duties?q=${encodeURIComponent('隔离墩')}`)
    await expect(liaison.page.getByRole('link', { name: title })).toBeVisible()
    await expect(liaison.page.getByRole('button', { name: /修改$/ })).toHaveCount(0)
    await liaison.context.close()
  })
  await office.context.close()
})

test('on the board a card moves only by an act that there is, and the calendar shows what is due with the holidays', async ({ browser, server }) => {
  const office = await person(browser, server, 'office')
  const { page } = office
  await test.step('each column counts and reads on', async () => {
    await page.goto(`${office.home}/tasks`)
    await page.getByRole('link', { name: '看板' }).click()
    const reported = page.getByRole('region', { name: '待确认' })
    await expect(reported.getByRole('listitem').first()).toBeVisible()
    await expect(page.getByRole('region', { name: '已办结' }).getByRole('heading')).toHaveText(/已办结\d+/)
    await bears(page)
  })
  await test.step('what cannot be done does not move and says what can be', async () => {
    const card = page.getByRole('region', { name: '待确认' }).getByRole('listitem').first()
    await card.dragTo(page.getByRole('region', { name: '待接收' }))
    await expect(page.getByText(/不能从“待确认”移到“待接收”。现在能做的：.*退回/)).toBeVisible()
  })
  await test.step('a drag opens the act, which asks for its reason; by keyboard it is the same', async () => {
    const card = page.getByRole('region', { name: '待确认' }).getByRole('listitem').first()
    await card.dragTo(page.getByRole('region', { name: '被退回' }))
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('原因')).toBeVisible()
    await dialog.getByRole('button', { name: '取消' }).click()
    await card.getByRole('button', { name: /^移动/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: /到“被退回”：退回/ }).click()
    await expect(dialog.getByLabel('原因')).toBeVisible()
    await dialog.getByRole('button', { name: '取消' }).click()
  })
  await test.step('the calendar of a month, a day beside it', async () => {
    await page.getByRole('link', { name: '日历' }).click()
    await expect(page).toHaveURL(/tasks\/calendar/)
    await bears(page)
    await page.goto(`${office.home}/tasks/calendar?month=2026-10`)
    await expect(page.getByRole('cell', { name: /国庆/ }).first()).toBeVisible()
    await page.goto(`${office.home}/tasks/calendar?month=2026-07&day=2026-07-08`)
    const day = page.getByRole('region', { name: /7月8日.*到期的/ })
    await expect(day.getByRole('listitem').first()).toBeVisible()
    await bears(page)
    await page.getByRole('link', { name: '订阅到手机日历' }).click()
    await expect(page).toHaveURL(/account#calendars/)
  })
  const liaison = await person(browser, server, 'liaison', phone)
  await test.step('a liaison on a phone has one column, or one list of days, at a time', async () => {
    await liaison.page.goto(`${liaison.home}/tasks/board`)
    await liaison.page.getByRole('navigation', { name: '看板的列' }).getByRole('link', { name: /已办结/ }).click()
    await expect(liaison.page.getByRole('region', { name: '已办结' })).toBeVisible()
    await expect(liaison.page.getByRole('region', { name: '待确认' })).toBeHidden()
    await bears(liaison.page)
    await liaison.page.goto(`${liaison.home}/tasks/calendar?month=2026-07`)
    await bears(liaison.page)
  })
  const outsider = await person(browser, server, 'public')
  await test.step('for who has no part in the campaign’s work there is none of it', async () => {
    for (const rest of ['tasks/board', 'tasks/calendar', 'leader', 'duties']) {
      await outsider.page.goto(`${outsider.home}/${rest}`)
      await expect(outsider.page.getByRole('heading', { name: '没有这个页面' })).toBeVisible()
    }
    for (const rest of ['views', 'targets', 'tasks/days?from=2026-07-01&to=2026-07-31']) expect([403, 404], rest).toContain((await outsider.page.request.get(outsider.inside(rest))).status())
  })
  for (const one of [office, liaison, outsider]) await one.context.close()
})
