// Opens pages of a running server in Chromium, takes a picture of each and runs axe over it.
// node scripts/look.mjs [--base http://127.0.0.1:8080] [--out folder] [--only login,overview] [--size desk,phone] [--theme light,dark] [--lang zh,en] [--login name:password]
import axe from 'axe-core'
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const arg = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const base = arg('base', 'http://127.0.0.1:8080')
const out = arg('out', '/tmp/chengjing-look')
const only = arg('only', '').split(',').filter(Boolean)
const sizes = arg('size', 'desk,phone').split(',')
const themes = arg('theme', 'light').split(',')
const langs = arg('lang', 'zh').split(',')
mkdirSync(out, { recursive: true })

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
let faults = 0
const seen = new Set()
const viewport = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }
for (const size of sizes) for (const theme of themes) for (const lang of langs) {
  const context = await browser.newContext({ viewport: viewport[size], hasTouch: size === 'phone', colorScheme: theme === 'dark' ? 'dark' : 'light', locale: 'zh-CN', reducedMotion: 'reduce' })
  await context.addInitScript(([theme, lang]) => { localStorage.setItem('chengjing.theme', theme); localStorage.setItem('chengjing.locale', lang === 'en' ? 'en' : 'zh-CN') }, [theme, lang])
  const page = await context.newPage()
  page.on('console', (m) => { if (m.type() === 'error' && !/40[0-9]|Failed to load/.test(m.text())) console.log('console:', m.text().slice(0, 300)) })
  page.on('pageerror', (e) => console.log('pageerror:', String(e).slice(0, 400)))
  const get = async (path) => (await context.request.get(`${base}/api/v1${path}`)).json()
  const look = async (name, path, act) => {
    if (only.length && !only.includes(name)) return
    await page.goto(base + path)
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(350)
    if (act) { try { await act() } catch (e) { console.log(name, 'act:', String(e).slice(0, 300)) } await page.waitForTimeout(500) }
    await page.screenshot({ path: `${out}/${name}-${size}-${theme}-${lang}.png` })
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (width > 0) { faults++; console.log(`${name} ${size}: ${width}px wider than the screen`) }
    await page.evaluate(axe.source)
    const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    for (const v of result.violations) for (const n of v.nodes) {
      faults++
      const key = `${v.id}|${n.target.join(' ')}|${theme}`
      if (seen.has(key)) continue
      seen.add(key)
      console.log(`${name} ${size} ${theme} ${lang}: ${v.id} ${n.target.join(' ')} ${n.any[0]?.message ?? n.failureSummary ?? ''}`.slice(0, 330))
    }
  }
  await look('login', '/login')
  const installation = await get('/installation')
  const [name, password] = (arg('login', '') || ':').split(':')
  const as = name ? { name, password } : installation.demo_logins?.find((l) => l.role === 'office')
  if (as) {
    const admin = installation.demo_logins?.find((l) => l.role === 'system_admin')
    const signIn = (who) => context.request.post(`${base}/api/v1/session`, { data: { name: who.name, password: who.password }, headers: { origin: base, 'sec-fetch-site': 'same-origin' } })
    await signIn(as)
    const c = (await get('/session')).campaigns[0].id
    const at = (p) => `/c/${c}/${p}`
    const plans = (await get(`/campaigns/${c}/plans`)).items
    const duty = (await get(`/campaigns/${c}/duties?limit=3`)).items[1]
    const units = (await get(`/campaigns/${c}/units?limit=200`)).items
    const draft = plans.find((p) => p.state === 'draft')
    await look('overview', at('overview'))
    await look('plans', at('plans'))
    await look('plan-import', at('plans/new'))
    if (draft) {
      await look('plan', at(`plans/${draft.id}`), async () => {
        if (size === 'phone') return
        await page.locator('[data-card] > button').nth(2).click()
        await page.waitForTimeout(300)
      })
      await look('plan-select', at(`plans/${draft.id}`), async () => {
        await page.evaluate(() => {
          const mark = document.querySelectorAll('mark.duty')[1]
          const range = document.createRange()
          range.selectNodeContents(mark)
          getSelection().removeAllRanges()
          getSelection().addRange(range)
          mark.scrollIntoView({ block: 'center' })
          mark.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }))
        })
      })
      await look('adopt', at(`plans/${draft.id}/adoption`))
    }
    await look('duties', at('duties'))
    await look('duties-filter', at('duties?target=true'))
    if (duty) {
      await look('duties-open', at(`duties?open=${duty.id}`))
      await look('duty', at(`duties/${duty.id}`))
    }
    await look('duty-add', at('duties/new'))
    await look('duties-none', at('duties?q=%E9%83%BD%E6%B2%A1%E6%9C%89%E7%9A%84'))
    const score = await get(`/campaigns/${c}/score`)
    await look('score', at('score'))
    await look('score-unknown', at('score?view=unknown'))
    await look('score-trend', at('score?view=trend'))
    const lost = score.places?.find((p) => p.leaf && p.status !== 'unknown' && Number(p.lost) > 0)
    if (lost) await look('score-leaf', at(`score?open=${encodeURIComponent(lost.code)}`))
    await look('score-record', at('score'), () => page.getByRole('button', { name: lang === 'en' ? 'Record' : '登记', exact: true }).click())
    await look('units', at('units'))
    const busy = units.find((u) => u.duties.lead > 0) ?? units[0]
    if (busy) await look('unit', at(`units/${busy.id}`))
    await look('ledger', at('ledger'))
    await look('settings', at('settings'))
    await look('palette', at('duties'), async () => { await page.keyboard.press('Control+k'); await page.keyboard.type('志愿'); await page.waitForTimeout(500) })
    await look('account', '/account')
    await look('nowhere', '/nothing-here')
    if (size === 'phone') await look('drawer', at('duties'), () => page.getByRole('button', { name: lang === 'en' ? 'More' : '更多', exact: true }).click())
    if (admin) {
      await signIn(admin)
      await look('users', '/users')
      const users = (await get('/users')).items
      await look('user-open', `/users?open=${users[1].id}`)
      await look('system-ledger', '/ledger')
      await look('campaign-add', '/campaigns/new')
    }
  }
  await context.close()
}
await browser.close()
console.log(faults ? `${faults} faults` : 'no faults')
process.exit(faults ? 1 : 0)
