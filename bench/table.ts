/** Markdown tables whose source is readable too. */
export function table (head: string[], rows: (string | number)[][]): string {
  const cells = [head, ...rows.map(row => row.map(String))]
  const widths = head.map((_, column) => Math.max(...cells.map(row => row[column]!.length)))
  const line = (row: string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${column === 0 ? '-' : ':'}`).join('|')}|`
  return [line(head), rule, ...cells.slice(1).map(line)].join('\n')
}

export function fixed (value: number, digits = 0): string {
  return value.toFixed(digits)
}

export function percent (share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

export function mebibytes (bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
