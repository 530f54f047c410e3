// Many people from a spreadsheet.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download, Page } from '@playwright/test'
import { bears, expect, signInAs, test } from './house'

type Row = [name: string, login: string, role: string, unit: string, phone: string]

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'chengjing-people-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The list that was given out, filled in below its headings as an office would. */
function filledIn(template: Buffer, rows: Row[]): Buffer {
  const script = `import json, re, sys, zipfile
from xml.sax.saxutils import escape
source, target, rows = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
cell = lambda ref, text: f'<c r="{ref}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
added = ''.join(f'<row r="{n}">' + ''.join(cell(f'{c}{n}', text) for c, text in zip('ABCDE', row) if text) + '</row>' for n, row in enumerate(rows, 2))
with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as b:
    for name in a.namelist():
        data = a.read(name)
        if name.endswith('worksheets/sheet1.xml'):
            data = data.decode().replace('</sheetData>', added + '</sheetData>').encode()
        b.writestr(name, data)
`
  return inFolder((folder) => {
    writeFileSync(join(folder, 'a.xlsx'), template)
    execFileSync('python3', ['-c', script, join(folder, 'a.xlsx'), join(folder, 'b.xlsx'), JSON.stringify(rows)])
    return readFileSync(join(folder, 'b.xlsx'))
  })
}

/** All texts of a workbook. */
async function texts(file: Download): Promise<string[]> {
  const script = `import re, sys, zipfile
print('\\n'.join(re.findall('<t[^>]*>([^<]*)</t>', zipfile.ZipFile(sys.argv[1]).read('xl/sharedStrings.xml').decode())))`
  const path = await file.path()
  return execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }).trim().split('\n')
}

async function bringing(page: Page, home: string) {
  await page.goto(`${home}/people`)
  await page.getByRole('button', { name: '批量添加' }).click()
  const dialog = page.getByRole('dialog')
  const saved = async (button: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: button }).click()])
    return file
  }
  const template = readFileSync(await (await saved('下载空白名单')).path())
  const bring = (rows: Row[]) => dialog.getByLabel('放入填好的名单').setInputFiles({ name: '人员.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: filledIn(template, rows) })
  return { dialog, saved, bring }
}

test('the office invites people by a list: faults by cell first, then a link for each', async ({ page, browser, server }) => {
  const home = await signInAs(page, 'office')
  const { dialog, saved, bring } = await bringing(page, home)
  await bears(page)
  await bring([['陆一鸣', '', '校长', '', ''], ['', '', '联络员', '没有的局', '']])
  await expect(dialog.getByText('有 3 处不对，一个人也没有加。')).toBeVisible()
  for (const cell of ['人员!C2', '人员!A3', '人员!D3']) await expect(dialog.getByRole('cell', { name: cell })).toBeVisible()
  await bears(page)
  await bring([['陆一鸣', '', '审核员', '', ''], ['陆二鸣', '', '审核员', '', '']])
  await expect(dialog.getByText('将添加 2 人：')).toBeVisible()
  await bears(page)
  const links = (await texts(await saved('生成邀请并下载'))).filter((text) => text.includes('/join#'))
  expect(links).toHaveLength(2)
  await expect(dialog.getByText('链接只给这一次')).toBeVisible()
  await bears(page)
  await dialog.getByRole('button', { name: '关闭' }).last().click()

  const waiting = page.getByRole('region', { name: '等待接受的邀请' })
  await expect(waiting.getByText('陆一鸣')).toBeVisible()
  const other = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', viewport: { width: 390, height: 844 } })
  const phone = await other.newPage()
  await phone.goto(links[0]!)
  await expect(phone.getByRole('heading', { name: '陆一鸣，您好' })).toBeVisible()
  await other.close()
  for (const name of ['陆一鸣', '陆二鸣']) {
    await waiting.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: '撤回邀请' }).click()
    await expect(page.getByText(`对“${name}”的邀请已撤回。`)).toBeVisible()
  }
})

test('the administrator makes accounts by a list; each password is good for choosing another', async ({ page, browser, server }) => {
  const office = await browser.newContext({ baseURL: server.url })
  const home = await signInAs(await office.newPage(), 'office')
  await office.close()
  await signInAs(page, 'system_admin')
  const { dialog, saved, bring } = await bringing(page, home)
  await dialog.getByLabel('直接建账号').check()
  await bring([['陆三鸣', 'lusanming', '领导', '', '']])
  await expect(dialog.getByRole('row', { name: /陆三鸣.*lusanming.*领导/ })).toBeVisible()
  await bears(page)
  const password = (await texts(await saved('建账号并下载'))).find((text) => /^\w{4}-\w{4}-\w{4}$/.test(text))
  await expect(dialog.getByText('密码只给这一次')).toBeVisible()

  const other = await browser.newContext({ baseURL: server.url, locale: 'zh-CN', viewport: { width: 390, height: 844 } })
  const phone = await other.newPage()
  await phone.goto('/login')
  await phone.getByLabel('用户名').fill('lusanming')
  await phone.getByLabel('密码').fill(password!)
  await phone.getByRole('button', { name: '登录', exact: true }).click()
  await expect(phone.getByLabel('新密码').first()).toBeVisible()
  await bears(phone)
  await other.close()
})
