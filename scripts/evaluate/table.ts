/** Figures as tables: the same rows go to the terminal and to the JSON file. */

export type Cell = string | number | null
export interface Table {
  title: string
  /** What a reader must know to read the figures rightly. */
  note?: string
  rows: Record<string, Cell>[]
}

/** A table as text: a title, a line of column names, and one line a row; numbers to the right. */
export function formatTable ({ title, note, rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {})
  const lines = [columns, ...rows.map(row => columns.map(column => text(row[column] ?? null)))]
  const widths = columns.map((_, i) => Math.max(...lines.map(line => line[i]!.length)))
  const body = lines.map((line, at) =>
    line
      .map((cell, i) =>
        at > 0 && typeof rows[at - 1]![columns[i]!] !== 'string' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
      )
      .join('  ')
      .trimEnd()
  )
  return [
    title,
    '-'.repeat(title.length),
    ...(note === undefined ? [] : [note]),
    ...(rows.length === 0 ? ['nothing to measure'] : body),
    ''
  ].join('\n')
}

/** Counts in full, everything else with the digits that matter: error rates reach down to 1e-6. */
function text (cell: Cell): string {
  if (cell === null) return '-'
  if (typeof cell === 'string') return cell
  if (Number.isInteger(cell)) return String(cell)
  return Math.abs(cell) >= 0.01 ? cell.toFixed(Math.abs(cell) >= 100 ? 1 : 4) : cell.toExponential(1)
}
