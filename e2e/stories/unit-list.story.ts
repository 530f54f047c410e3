// Units kept in a spreadsheet.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bears, expect, signInAs, test } from './house'

/** The workbook with one text of its shared strings replaced, as an office would overwrite a cell. */
function rewritten(bytes: Buffer, from: string, to: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'chengjing-list-'))
  const script = `import sys, zipfile
source, target, old, new = sys.argv[1:]
with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as b:
    for name in a.namelist():
        data = a.read(name)
        if name.endswith('sharedStrings.xml'):
            data = data.decode().replace('>' + old + '<', '>' + new + '<').encode()
        b.writestr(name, data)
`
  try {
    writeFileSync(join(folder, 'a.xlsx'), bytes)
    execFileSync('python3', ['-c', script, join(folder, 'a.xlsx'), join(folder, 'b.xlsx'), from, to])
    return readFileSync(join(folder, 'b.xlsx'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('the office exports the units, breaks a row, mends it and takes the list in', async ({ page }) => {
  const home = await signInAs(page, 'office')
  await page.goto(`${home}/units`)
  await page.getByRole('button', { name: '批量维护' }).click()
  const dialog = page.getByRole('dialog')
  await bears(page)
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: '导出单位名单' }).click()])
  const list = readFileSync(await file.path())
  const bring = (bytes: Buffer) => dialog.getByLabel('放入改好的名单').setInputFiles({ name: '单位.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: bytes })

  await test.step('what says nothing new changes nothing', async () => {
    await bring(list)
    await expect(dialog.getByText(/将新增 0 个、修改 0 个/)).toBeVisible()
    await expect(dialog.getByRole('button', { name: '照此修改' })).toBeDisabled()
  })
  await test.step('a fault is told with its cell', async () => {
    await bring(rewritten(list, '部门', '学校'))
    await expect(dialog.getByText(/处不对，什么都没有改/)).toBeVisible()
    await expect(dialog.getByRole('cell', { name: /^单位!B\d+$/ }).first()).toBeVisible()
    await bears(page)
  })
  await test.step('a changed name is a new unit, seen before it is made', async () => {
    await bring(rewritten(list, '县教育局', '县教育体育局'))
    await expect(dialog.getByText(/将新增 1 个、修改 0 个/)).toBeVisible()
    await expect(dialog.getByRole('row', { name: /县教育体育局/ })).toBeVisible()
    await bears(page)
    await dialog.getByRole('button', { name: '照此修改' }).click()
    await expect(page.getByText('已新增 1 个、修改 0 个单位。')).toBeVisible()
    await expect(page.getByRole('link', { name: '县教育体育局' })).toBeVisible()
  })
})
