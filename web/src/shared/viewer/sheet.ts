// A sheet's cells, laid out for a table: every place that no other cell reaches over has one.
import type { PreviewCell, PreviewSheet } from '@/api/types'

/** A, B, …, Z, AA: as the spreadsheet's program names a column, from 0. */
export function columnName(column: number): string {
  let name = ''
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name
  return name
}

export function laidOut(sheet: PreviewSheet): { number: number; cells: PreviewCell[] }[] {
  /** By column: how many rows more the cell above reaches down. */
  const reaching = new Array<number>(sheet.columns).fill(0)
  return sheet.rows.map((row) => {
    const held = new Map(row.cells.map((cell) => [cell.column, cell]))
    const cells: PreviewCell[] = []
    for (let column = 0; column < sheet.columns; column += 1) {
      if (reaching[column]! > 0) {
        reaching[column]! -= 1
        continue
      }
      const cell = held.get(column) ?? { column, text: '', columns: 1, rows: 1, number: false }
      cells.push(cell)
      for (let n = 0; n < cell.columns; n += 1) reaching[column + n] = cell.rows - 1
      column += cell.columns - 1
    }
    return { number: row.number, cells }
  })
}
