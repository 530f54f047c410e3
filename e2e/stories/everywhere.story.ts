// Every page on the desk and on the phone, in both themes and both languages.
import { bears, expect, signInAs, test } from './house'

const pages = ['overview', 'plans', 'plans/new', 'duties', 'duties?target=true', 'duties/new', 'tasks', 'tasks?view=late', 'tasks/board', 'tasks/calendar', 'leader', 'duties?group=unit', 'units', 'documents', 'documents/templates', 'evidence', 'evidence/all', 'evidence/new', 'evidence/reviews', 'burden', 'score', 'statistics', 'sites', 'observations', 'results', 'people', 'ledger', 'settings']

for (const [device, viewport] of [['desk', { width: 1440, height: 900 }], ['phone', { width: 390, height: 844 }]] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`every page bears a look: ${device}, ${theme}`, async ({ page }) => {
      // It grows with the list of pages.
      test.setTimeout((pages.length + 10) * 15_000)
      await page.setViewportSize(viewport)
      const language = theme === 'light' ? 'zh-CN' : 'en'
      await page.addInitScript(([theme, language]) => {
        localStorage.setItem('chengjing.theme', theme!)
        localStorage.setItem('chengjing.locale', language!)
      }, [theme, language])
      await page.goto('/login')
      await bears(page)
      const home = await signInAs(page, 'office')
      for (const path of pages) {
        await page.goto(`${home}/${path}`)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await bears(page)
      }
      await page.goto(`${home}/tasks?view=done`)
      await page.getByRole('table').getByRole('link').first().click()
      await expect(page.getByRole('complementary').getByRole('heading', { level: 2 }).first()).toBeVisible()
      await bears(page)
      await page.goto(`${home}/plans`)
      await page.getByRole('row', { name: language === 'en' ? /To be adopted/ : /待采用/ }).getByRole('link').click()
      await expect(page.getByRole('tab').first().or(page.getByRole('button', { name: /读出的条目|Entries/ }))).toBeVisible()
      await bears(page)
      await page.goto(`${page.url()}/adoption`)
      await bears(page)
      await page.goto('/account')
      await bears(page)
      await signInAs(page, 'system_admin')
      for (const path of ['/users', '/ledger', '/campaigns/new']) {
        await page.goto(path)
        await bears(page)
      }
    })
