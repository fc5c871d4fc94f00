/** The cells in which an Ultralytics network looks for things: three grids over the input. */
export interface Size { width: number, height: number }

/** Pixels between the cells of the three detection levels (Ultralytics P3 to P5). */
export const strides = [8, 16, 32]

/** Inputs are as long as a whole number of the largest stride. */
export const multiple = 32

/** Cells of all levels, row by row: `points` are their centres, all x before all y; `strides` the stride of each. */
export const anchors: Record<'points' | 'strides', (size: Size) => Float32Array<ArrayBuffer>> = {
  points (size) {
    const count = cells(size)
    const points = new Float32Array(2 * count)
    let at = 0
    for (const { rows, columns } of levels(size)) {
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++, at++) {
          points[at] = x + 0.5
          points[count + at] = y + 0.5
        }
      }
    }
    return points
  },
  strides: size => Float32Array.from(levels(size).flatMap(({ stride, rows, columns }) => Array.from(
    { length: rows * columns },
    () => stride
  )))
}

export function levels ({ width, height }: Size): { stride: number, rows: number, columns: number }[] {
  return strides.map(stride => ({ stride, rows: height / stride, columns: width / stride }))
}

export function cells (size: Size): number {
  return levels(size).reduce((sum, { rows, columns }) => sum + rows * columns, 0)
}
