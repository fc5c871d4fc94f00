/**
 * Hashes of a photo's look, which survive what does not change it: another compression, size, brightness, colour or
 * sharpness, a mirror, and uniform bars around it. After the DCT hash of Zauner (2010), with 256 bits instead of 64.
 */
import type { Frame, PhotoHashes } from './types.ts'

/** Side of the grey grid that the frame is averaged to. */
const GRID = 128
/** Side of the square that is transformed, and of its lowest frequencies that make the hash. */
const SIDE = 32
const FREQUENCIES = 16
/** Bytes of a hash: as long as a sketch, the second half zero. */
export const HASH_BYTES = 64

/** Grey levels that a line of a bar may deviate from its mean. */
const BAR_DEVIATION = 5
/** Grey levels that the lines of one bar may differ by. */
const BAR_STEP = 8
/** Share of the photo that a bar may take at most, on each side. */
const MOST_BAR = 0.35
/** Less contrast than this, as deviation of grey levels, shows nothing that could be told apart. */
const LEAST_CONTRAST = 8

/** Shares of width and height around the centre that get a hash of their own, so that a later crop is found. */
const WINDOWS = [1, 0.88, 0.76]

/** @returns no hash for a photo that shows next to nothing */
export function hashPhoto (frame: Frame): PhotoHashes {
  const grid = greyGrid(frame)
  const area = withoutBars(grid)
  const square = resample(grid, area)
  if (deviation(square) < LEAST_CONTRAST) return { windows: [], mirrored: [] }
  const [whole, ...windows] = WINDOWS.map(share => lowFrequencies(resample(grid, centre(area, share))))
  // A mirror changes the sign of every odd horizontal frequency.
  const mirror = whole!.map((value, i) => (i % FREQUENCIES) % 2 === 1 ? -value : value)
  return { windows: [whole!, ...windows].map(bitsOf), mirrored: [bitsOf(mirror)] }
}

function centre ({ x1, y1, x2, y2 }: Area, share: number): Area {
  const [dx, dy] = [(x2 - x1) * (1 - share) / 2, (y2 - y1) * (1 - share) / 2]
  return { x1: x1 + dx, y1: y1 + dy, x2: x2 - dx, y2: y2 - dy }
}

interface Area { x1: number, y1: number, x2: number, y2: number }

/** Mean grey levels of a grid of cells; a cell reads at most 4 x 4 evenly spread pixels. */
function greyGrid ({ width, height, pixels }: Frame): Float32Array {
  const data = new Uint8Array(pixels)
  const grid = new Float32Array(GRID * GRID)
  const samples = (from: number, to: number): number[] => {
    const count = Math.max(1, Math.min(4, Math.floor(to - from)))
    return Array.from({ length: count }, (_, i) => Math.floor(from + (to - from) * (i + 0.5) / count))
  }
  const columns = Array.from({ length: GRID }, (_, x) => samples(x * width / GRID, (x + 1) * width / GRID))
  for (let y = 0; y < GRID; y++) {
    const rows = samples(y * height / GRID, (y + 1) * height / GRID)
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

/** The photo without uniform bars at its rims. */
function withoutBars (grid: Float32Array): Area {
  const row = (y: number): Float32Array => grid.subarray(y * GRID, (y + 1) * GRID)
  const column = (x: number): Float32Array => Float32Array.from({ length: GRID }, (_, y) => grid[y * GRID + x]!)
  return {
    y1: barWidth(row), y2: GRID - barWidth(i => row(GRID - 1 - i)), x1: barWidth(column), x2: GRID - barWidth(i => column(GRID - 1 - i))
  }
}

function barWidth (line: (i: number) => Float32Array): number {
  const most = Math.floor(MOST_BAR * GRID)
  const first = mean(line(0))
  let width = 0
  while (width < most && deviation(line(width)) < BAR_DEVIATION && Math.abs(mean(line(width)) - first) < BAR_STEP) width++
  // The line after a bar may hold some of it.
  return width === 0 ? 0 : Math.min(most, width + 1)
}

/** Averages an area of the grid to a square. */
function resample (grid: Float32Array, { x1, y1, x2, y2 }: Area): Float32Array {
  const square = new Float32Array(SIDE * SIDE)
  const weights = (from: number, to: number): [index: number, weight: number][] => {
    const parts: [number, number][] = []
    for (let i = Math.floor(from); i < Math.min(GRID, Math.ceil(to)); i++) parts.push([i, Math.min(to, i + 1) - Math.max(from, i)])
    return parts
  }
  const columns = Array.from({ length: SIDE }, (_, x) => weights(x1 + (x2 - x1) * x / SIDE, x1 + (x2 - x1) * (x + 1) / SIDE))
  for (let y = 0; y < SIDE; y++) {
    const rows = weights(y1 + (y2 - y1) * y / SIDE, y1 + (y2 - y1) * (y + 1) / SIDE)
    for (let x = 0; x < SIDE; x++) {
      let [sum, total] = [0, 0]
      for (const [row, high] of rows) {
        for (const [column, wide] of columns[x]!) {
          sum += grid[row * GRID + column]! * high * wide
          total += high * wide
        }
      }
      square[y * SIDE + x] = sum / total
    }
  }
  return square
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
