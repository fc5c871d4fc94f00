/**
 * Hashes of a photo's look, which survive what does not change it: another compression, size, brightness, colour or
 * sharpness, a mirror, and uniform bars around it. After the DCT hash of Zauner (2010), with 256 bits instead of 64.
 */
import { type Grey, GREY_SIDE, outlineOf } from './photo-outline.ts'
import type { Frame, PhotoHashes } from './types.ts'

/** Side of the grey grid that the frame is averaged to. */
const GRID = 128
/** Side of the square that is transformed, and of its lowest frequencies that make the hash. */
const SIDE = 32
const FREQUENCIES = 16
/** Bytes of a hash: as long as a sketch, the second half zero. */
export const HASH_BYTES = 64

/** Grey levels that a bar may differ by from the line at the rim. */
const BAR_LEVELS = 6
/** Share of a line that is of this grey level in a bar: the rest is text and signs, as on a screenshot. */
const BAR_SHARE = 0.7
/** Lines of a bar that may be fuller. */
const FULL_LINES = 3
/** Share of the photo that a bar may take at most, on each side. */
const MOST_BAR = 0.6
/** Share of each side that must remain: else the photo itself is plain there. */
const LEAST_SHOWN = 0.15
/** Less contrast than this, as deviation of grey levels, shows nothing that could be distinguished. */
const LEAST_CONTRAST = 8

/** Shares of width and height around the centre that get a hash of their own, so that a later crop is found. */
const WINDOWS = [1, 0.88, 0.76]

/** @returns no hash for a photo that shows next to nothing */
export function hashPhoto (frame: Frame): PhotoHashes {
  const whole: Area = { x1: 0, y1: 0, x2: frame.width, y2: frame.height }
  // Roughly, then to a few pixels: of a screenshot little remains.
  const shown = withoutBars(greyGrid(frame, whole), whole, 1)
  const grid = greyGrid(frame, shown)
  const finely = withoutBars(grid, shown, 0)
  const area = onGrid(finely, shown)
  const square = resample(grid, area)
  if (deviation(square) < LEAST_CONTRAST) return { windows: [], mirrored: [], outline: null, grey: null }
  const [first, ...windows] = WINDOWS.map(share => lowFrequencies(resample(grid, centre(area, share))))
  // A mirror changes the sign of every odd horizontal frequency.
  const mirror = first!.map((value, i) => (i % FREQUENCIES) % 2 === 1 ? -value : value)
  const grey = greyPicture(grid, area, finely)
  return { windows: [first!, ...windows].map(bitsOf), mirrored: [bitsOf(mirror)], outline: outlineOf(grey), grey }
}

function centre ({ x1, y1, x2, y2 }: Area, share: number): Area {
  const [dx, dy] = [(x2 - x1) * (1 - share) / 2, (y2 - y1) * (1 - share) / 2]
  return { x1: x1 + dx, y1: y1 + dy, x2: x2 - dx, y2: y2 - dy }
}

interface Area { x1: number, y1: number, x2: number, y2: number }

/** Mean grey levels of a grid of cells over an area in pixels; a cell reads at most 4 x 4 evenly spread pixels. */
function greyGrid ({ width, pixels }: Frame, { x1, y1, x2, y2 }: Area): Float32Array {
  const data = new Uint8Array(pixels)
  const grid = new Float32Array(GRID * GRID)
  const samples = (from: number, to: number): number[] => {
    const count = Math.max(1, Math.min(4, Math.floor(to - from)))
    return Array.from({ length: count }, (_, i) => Math.floor(from + (to - from) * (i + 0.5) / count))
  }
  const columns = Array.from(
    { length: GRID },
    (_, x) => samples(x1 + x * (x2 - x1) / GRID, x1 + (x + 1) * (x2 - x1) / GRID)
  )
  for (let y = 0; y < GRID; y++) {
    const rows = samples(y1 + y * (y2 - y1) / GRID, y1 + (y + 1) * (y2 - y1) / GRID)
    for (let x = 0; x < GRID; x++) {
      let sum = 0
      for (const row of rows) {
        for (const column of columns[x]!) {
          const at = (row * width + column) * 3
          sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
        }
      }
      grid[y * GRID + x] = sum / rows.length / columns[x]!.length
    }
  }
  return grid
}

/**
 * What an area shows without uniform bars at its rims.
 * @param spared lines of the grid that are left of a bar
 */
function withoutBars (grid: Float32Array, { x1, y1, x2, y2 }: Area, spared: number): Area {
  const row = (y: number): Float32Array => grid.subarray(y * GRID, (y + 1) * GRID)
  const column = (x: number): Float32Array => Float32Array.from({ length: GRID }, (_, y) => grid[y * GRID + x]!)
  const [across, down] = [(x2 - x1) / GRID, (y2 - y1) / GRID]
  const bars = (line: (i: number) => Float32Array): [first: number, last: number] => {
    const [first, last] = [barWidth(line), barWidth(i => line(GRID - 1 - i))]
    return GRID - first - last < LEAST_SHOWN * GRID ? [0, 0] : [Math.max(0, first - spared), Math.max(0, last - spared)]
  }
  const [left, right] = bars(column)
  const [above, below] = bars(row)
  return { x1: x1 + left * across, y1: y1 + above * down, x2: x2 - right * across, y2: y2 - below * down }
}

/** An area in cells of the grid over another one. */
function onGrid ({ x1, y1, x2, y2 }: Area, grid: Area): Area {
  const [across, down] = [GRID / (grid.x2 - grid.x1), GRID / (grid.y2 - grid.y1)]
  return {
    x1: (x1 - grid.x1) * across,
    y1: (y1 - grid.y1) * down,
    x2: (x2 - grid.x1) * across,
    y2: (y2 - grid.y1) * down
  }
}

function barWidth (line: (i: number) => Float32Array): number {
  const most = Math.floor(MOST_BAR * GRID)
  const level = mean(line(0))
  let width = 0
  for (let i = 0; i < most && i - width <= FULL_LINES; i++) {
    const same = line(i).reduce((count, value) => count + Number(Math.abs(value - level) <= BAR_LEVELS), 0)
    if (same >= BAR_SHARE * GRID) width = i + 1
    else if (i === 0) return 0
  }
  return width
}

/** An area of the grid in the photo's own proportions, those of the area in pixels. */
function greyPicture (grid: Float32Array, area: Area, { x1, y1, x2, y2 }: Area): Grey {
  const [across, down] = [x2 - x1, y2 - y1]
  const scale = GREY_SIDE / Math.max(across, down)
  const [columns, rows] = [Math.max(2, Math.round(across * scale)), Math.max(2, Math.round(down * scale))]
  return { width: columns, height: rows, data: resample(grid, area, columns, rows) }
}

/** Averages an area of the grid to a picture of that size. */
function resample (grid: Float32Array, { x1, y1, x2, y2 }: Area, across = SIDE, down = SIDE): Float32Array {
  const picture = new Float32Array(across * down)
  const weights = (from: number, to: number): [index: number, weight: number][] => {
    const parts: [number, number][] = []
    for (let i = Math.floor(from); i < Math.min(GRID, Math.ceil(to)); i++) {
      parts.push([
        i,
        Math.min(to, i + 1) - Math.max(from, i)
      ])
    }
    return parts
  }
  const columns = Array.from(
    { length: across },
    (_, x) => weights(x1 + (x2 - x1) * x / across, x1 + (x2 - x1) * (x + 1) / across)
  )
  for (let y = 0; y < down; y++) {
    const rows = weights(y1 + (y2 - y1) * y / down, y1 + (y2 - y1) * (y + 1) / down)
    for (let x = 0; x < across; x++) {
      let [sum, total] = [0, 0]
      for (const [row, high] of rows) {
        for (const [column, wide] of columns[x]!) {
          sum += grid[row * GRID + column]! * high * wide
          total += high * wide
        }
      }
      picture[y * across + x] = sum / total
    }
  }
  return picture
}

const cosines = Float32Array.from({ length: FREQUENCIES * SIDE }, (_, i) =>
  Math.cos(Math.PI * Math.floor(i / SIDE) * (i % SIDE + 0.5) / SIDE))

/** The lowest frequencies of the DCT-II, row by row, without the mean. */
function lowFrequencies (square: Float32Array): Float32Array {
  const rows = new Float32Array(SIDE * FREQUENCIES)
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0
      for (let x = 0; x < SIDE; x++) sum += square[y * SIDE + x]! * cosines[u * SIDE + x]!
      rows[y * FREQUENCIES + u] = sum
    }
  }
  const spectrum = new Float32Array(FREQUENCIES * FREQUENCIES)
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0
      for (let y = 0; y < SIDE; y++) sum += rows[y * FREQUENCIES + u]! * cosines[v * SIDE + y]!
      spectrum[v * FREQUENCIES + u] = sum
    }
  }
  spectrum[0] = 0
  return spectrum
}

function bitsOf (spectrum: Float32Array): Uint8Array {
  const bits = new Uint8Array(HASH_BYTES)
  for (let i = 0; i < spectrum.length; i++) if (spectrum[i]! > 0) bits[i >> 3]! |= 1 << (i & 7)
  return bits
}

function mean (values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation (values: Float32Array): number {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length)
}
