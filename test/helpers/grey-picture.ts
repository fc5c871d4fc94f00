/** Grey pictures written as rows of levels, and read back as such. */
import type { Picture } from '../../workers/pixels.ts'

/** A grey picture from rows of levels. */
export function grey (rows: number[][]): Picture {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.flat().flatMap(level => [level, level, level]))
  }
}

/** The levels of a grey picture, row by row. */
export function levels ({ data, width }: Picture): number[][] {
  const flat = Array.from(data).filter((_, i) => i % 3 === 0)
  return Array.from({ length: flat.length / width }, (_, y) => flat.slice(y * width, (y + 1) * width))
}
