// Documents as offices send them, made of nothing: Word, Excel, PDF, one of them cut off, one behind a password.
import { deflateRawSync } from 'node:zlib'

interface Paper {
  name: string
  mimeType: string
  buffer: Buffer
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let n = 0; n < 8; n += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

function zip(parts: Record<string, string>): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [name, text] of Object.entries(parts)) {
    const [path, bytes] = [Buffer.from(name), Buffer.from(text)]
    const packed = deflateRawSync(bytes)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(8, 4)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(bytes.length, 18)
    facts.writeUInt16LE(path.length, 22)
    const file = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, path, packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, rest, path]))
    files.push(file)
    at += file.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...files, ...directory, end])
}

const paragraph = (text: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
const cell = (text: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${paragraph(text)}</w:tc>`
const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`
const word = (name: string, body: string): Paper => ({
  name,
  mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  buffer: zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': `<w:document><w:body>${body}</w:body></w:document>` }),
})

/** A report of several screens, with headings, a table with merged cells, and a picture that is not shown. */
export const report = word(
  '文明校园创建工作报告.docx',
  [
    paragraph('县教育局文明校园创建工作报告', '<w:outlineLvl w:val="0"/><w:jc w:val="center"/>'),
    paragraph('一、基本情况', '<w:outlineLvl w:val="1"/>'),
    ...Array.from({ length: 14 }, (_, n) => paragraph(`第${n + 1}所学校已完成自查，校园环境、师生礼仪与文明宣传均按方案落实，问题清单逐条销号，家长委员会参与了复核。`)),
    paragraph('二、各校情况', '<w:outlineLvl w:val="1"/>'),
    `<w:tbl>${row(cell('学校'), cell('自查', '<w:gridSpan w:val="2"/>'))}${row(cell('城关小学', '<w:vMerge w:val="restart"/>'), cell('已整改'), cell('12 项'))}${row(cell('', '<w:vMerge/>'), cell('整改中'), cell('1 项'))}</w:tbl>`,
    '<w:p><w:r><w:drawing><a:blip r:embed="rId1"/></w:drawing></w:r></w:p>',
    paragraph('特此报告。'),
  ].join(''),
)

/** Two sheets: percentages, dates and many columns on the first, one cell on the second. */
export function table(): Paper {
  const letter = (n: number) => (n < 26 ? '' : String.fromCharCode(64 + Math.floor(n / 26))) + String.fromCharCode(65 + (n % 26))
  const text = (ref: string, words: string) => `<c r="${ref}" t="inlineStr"><is><t>${words}</t></is></c>`
  const heads = ['学校', '参加率', '检查日期', ...Array.from({ length: 27 }, (_, n) => `第${n + 1}周情况`)]
  const rows = Array.from({ length: 60 }, (_, n) => `<row r="${n + 3}">${text(`A${n + 3}`, `第${n + 1}小学`)}<c r="B${n + 3}" s="1"><v>0.${875 - n}</v></c><c r="C${n + 3}" s="2"><v>${46178 + n}</v></c></row>`)
  const first = `<row r="1">${text('A1', '文明校园创建统计表')}</row><row r="2">${heads.map((head, n) => text(`${letter(n)}2`, head)).join('')}</row>${rows.join('')}`
  const sheet = (data: string, merged = '') => `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${data}</sheetData>${merged}</worksheet>`
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = (...ends: [string, string][]) => `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${ends.map(([kind, path], n) => `<Relationship Id="rId${n + 1}" Type="${relation}/${kind}" Target="${path}"/>`).join('')}</Relationships>`
  return {
    name: '文明校园创建统计表.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: zip({
      '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
      '_rels/.rels': relations(['officeDocument', 'xl/workbook.xml']),
      'xl/workbook.xml': `<workbook ${main} xmlns:r="${relation}"><sheets><sheet name="各校" sheetId="1" r:id="rId1"/><sheet name="说明" sheetId="2" r:id="rId2"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': relations(['worksheet', 'worksheets/sheet1.xml'], ['worksheet', 'worksheets/sheet2.xml'], ['styles', 'styles.xml']),
      'xl/styles.xml': `<styleSheet ${main}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
      'xl/worksheets/sheet1.xml': sheet(first, '<mergeCells count="1"><mergeCell ref="A1:AD1"/></mergeCells>'),
      'xl/worksheets/sheet2.xml': sheet(`<row r="1">${text('A1', '数据由各校填报')}</row>`),
    }),
  }
}

/** A PDF of so many pages, each with a line of its own. */
export function pdf(name: string, pages: number, locked = false): Paper {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, n) => `${4 + n * 2} 0 R`).join(' ')}] >>`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>']
  for (let n = 0; n < pages; n += 1) {
    const drawn = `BT /F1 24 Tf 72 720 Td (Page ${n + 1} of the report) Tj ET\n0.7 0.2 0.15 rg 72 690 300 4 re f`
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + n * 2} 0 R >>`, `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`)
  }
  // Which password it is, nobody knows.
  if (locked) objects.push(`<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`)
  let text = '%PDF-1.4\n'
  const places = objects.map((object, n) => {
    const place = text.length
    text += `${n + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const start = text.length
  const guard = locked ? ` /Encrypt ${objects.length} 0 R /ID [<${'00'.repeat(16)}> <${'00'.repeat(16)}>]` : ''
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${guard} >>\nstartxref\n${start}\n%%EOF\n`
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text, 'latin1') }
}

/** A Word document whose text breaks off. */
export const cutOff = word('打不开的报告.docx', '<w:p><w:r><w:t>只有半')
