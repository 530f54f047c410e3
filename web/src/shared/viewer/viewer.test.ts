// Documents in place: what the server tells of them, laid out, with what it leaves out.
import { flushPromises } from '@vue/test-utils'
import { h } from 'vue'
import { expect, it, vi } from 'vitest'
import type { Attachment, Preview, PreviewCell } from '@/api/types'
import { fakeServer, stand } from '@/testing/fake'
import { t } from '../i18n'
import FileView from './FileView.vue'
import { columnName, laidOut } from './sheet'

const cell = (column: number, text: string, over: Partial<PreviewCell> = {}): PreviewCell => ({ column, text, columns: 1, rows: 1, number: false, ...over })
const file = { id: 'd', name: '自查报告.docx', kind: 'docx', size: 9, picture: { state: 'none' } } as Attachment
const paragraph = (text: string, over: object = {}) => ({ kind: 'paragraph', text, heading: null, marker: null, level: 0, centred: false, ...over }) as const

/** What stands there once the server has given that answer. */
async function shown(body: unknown, status = 200) {
  fakeServer(() => ({ status, body }))
  const { wrapper } = await stand({ render: () => h(FileView, { campaign: 'c', file }) })
  await vi.waitFor(() => expect(wrapper.find('[role=status]').exists()).toBe(false))
  return wrapper
}

it('columns are named as a spreadsheet names them', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
})

it('every place of a sheet has a cell unless another reaches over it', () => {
  const sheet = { name: '台账', columns: 3, more_rows: 0, more_columns: 0, rows: [{ number: 1, cells: [cell(0, '合计', { columns: 2, rows: 2 })] }, { number: 4, cells: [cell(2, '好')] }, { number: 5, cells: [cell(1, '乙')] }] }
  expect(laidOut(sheet).map((row) => [row.number, row.cells.map((c) => `${c.column}${c.text}`)])).toEqual([[1, ['0合计', '2']], [4, ['2好']], [5, ['0', '1乙', '2']]])
})

it('a document is headings one level under the other, lists and tables, and says what is left out', async () => {
  const blocks = [paragraph('自查报告', { heading: 1, centred: true }), paragraph('办结情况', { heading: 4 }), paragraph('已办结', { marker: '1.', level: 1 }), { kind: 'table', rows: [[cell(0, '点位', { columns: 2 })]] }]
  const wrapper = await shown({ kind: 'document', blocks, more: 12, pictures: 2 } as Preview)
  expect(wrapper.findAll('h3, h4, h5, h6').map((x) => [x.element.tagName, x.text()])).toEqual([['H3', '自查报告'], ['H4', '办结情况']])
  expect(wrapper.find('.listed').text()).toBe('1.已办结')
  expect(wrapper.find('td').attributes('colspan')).toBe('2')
  expect(wrapper.text()).toContain(t('files.moreBlocks', { n: '12' }))
  expect(wrapper.text()).toContain(t('files.morePictures', { n: '2' }))
  wrapper.unmount()
})

it('a workbook is tabs and a table; keys walk the tabs', async () => {
  const sheet = (name: string, text: string) => ({ name, columns: 1, rows: text ? [{ number: 3, cells: [cell(0, text, { number: true })] }] : [], more_rows: 20, more_columns: 0 })
  const wrapper = await shown({ kind: 'workbook', sheets: [sheet('一月', '87.5%'), sheet('二月', '')], more: 0, hidden: 1 } as Preview)
  expect(wrapper.findAll('[role=tab]').map((x) => [x.text(), x.attributes('aria-selected')])).toEqual([['一月', 'true'], ['二月', 'false']])
  expect(wrapper.find('tbody').text()).toBe('387.5%')
  expect(wrapper.text()).toContain(t('files.moreRows', { n: '20' }))
  expect(wrapper.text()).toContain(t('files.hiddenSheets', { n: '1' }))
  await wrapper.find('[role=tablist]').trigger('keydown', { key: 'ArrowRight' })
  await flushPromises()
  expect(wrapper.find('[role=tabpanel]').text()).toBe(t('files.emptySheet'))
  wrapper.unmount()
})

it('a file that can’t be read says why in the server’s words, without another try', async () => {
  const wrapper = await shown({ title: '文件不完整或已损坏，请下载试试', title_en: 'damaged', type: 'urn:chengjing:problem:unreadable' }, 422)
  expect(wrapper.find('[role=alert]').text()).toBe('文件不完整或已损坏，请下载试试')
  expect(wrapper.find('button').exists()).toBe(false)
  wrapper.unmount()
})
