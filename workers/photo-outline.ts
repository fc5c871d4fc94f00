/**
 * Outlines of a photo: where it is brighter or darker than its surroundings, as two bits a cell. Two of them are laid
 * on each other at every size, place and small turn until they agree, so that a part of a photo is found in the whole,
 * and a photo within its frame.
 */

/** Grey levels 0..255, row by row. */
export interface Grey { width: number, height: number, data: Float32Array }

/** Cells of the longer side: of the look at every place, and of the look at the best ones. */
const COARSE = 24
const FINE = 64
/** Longer side of the grey picture that outlines are made of. */
export const GREY_SIDE = 128
/** A cell counts when it differs from its surroundings by more than this share of the mean difference. */
const STRONG = 0.4
/** Half sides of the squares whose means are compared. */
const [NEAR, AROUND] = [1, 4]

/** Sizes of the new photo beside the earlier one: a part of it is shown larger, a frame smaller. */
const SIZES = Array.from({ length: 9 }, (_, i) => 0.68 * 1.1 ** i)
const TURNS = [-3, 3]
/** Share of the smaller outline's cells that must lie on the other. */
const LEAST_OVERLAP = 0.6
/** Places of the first look that get a second one. */
const BEST = 3
/** A rough agreement below this gets none. */
const ROUGHLY_ALIKE = 7
/** Cells that the second look moves by, each way. */
const SHIFT = 2

/** Rows of `words` words: which cells are brighter, and which differ enough to count. */
interface Bits { width: number, height: number, words: number, bright: Uint32Array, strong: Uint32Array, count: number }

interface Outline { coarse: Bits, fine: Bits }

/** The outline of a photo in at most 1.5 KB: sizes in cells, then the bits of the rough and of the fine look. */
export function outlineOf (grey: Grey): Uint8Array {
  const looks = [COARSE, FINE].map(side => bitsOf(view(grey, side, 1, 0, false)))
  const words = looks.flatMap(({ bright, strong }) => [...bright, ...strong])
  const bytes = new Uint8Array(4 + words.length * 4)
  bytes.set(looks.flatMap(({ width, height }) => [width, height]))
  const numbers = new DataView(bytes.buffer)
  words.forEach((word, i) => numbers.setUint32(4 + i * 4, word, true))
  return bytes
}

/** @throws {RangeError} for bytes that `outlineOf` did not make */
function readOutline (bytes: Uint8Array): Outline {
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 4
  const take = (count: number): Uint32Array => Uint32Array.from(
    { length: count },
    () => numbers.getUint32((at += 4) - 4, true)
  )
  const [coarse, fine] = [0, 2].map(from => {
    const [width, height] = [numbers.getUint8(from), numbers.getUint8(from + 1)]
    const words = Math.ceil(width / 32)
    const [bright, strong] = [take(words * height), take(words * height)]
    return { width, height, words, bright, strong, count: strong.reduce((sum, word) => sum + bitCount(word), 0) }
  })
  return { coarse: coarse!, fine: fine! }
}

interface Place { size: number, mirrored: boolean, x: number, y: number, score: number }

/** Compares one new photo with outlines of earlier ones; answers with the agreement at the best place, 0 or more. */
export function createComparison (grey: Grey): (earlier: Uint8Array) => number {
  const views = new Map<string, Bits>()
  const viewOf = (side: number, size: number, turn: number, mirrored: boolean): Bits => {
    const key = `${side} ${size} ${turn} ${mirrored}`
    const known = views.get(key) ?? bitsOf(view(grey, side, size, turn, mirrored))
    views.set(key, known)
    return known
  }
  const closer = (place: Place, fine: Bits, size: number, turn: number): number => {
    const rough = viewOf(COARSE, place.size, 0, place.mirrored)
    const bits = viewOf(FINE, size, turn, place.mirrored)
    // The middle stays where it is.
    const left = Math.round((place.x + rough.width / 2) * FINE / COARSE - bits.width / 2)
    const top = Math.round((place.y + rough.height / 2) * FINE / COARSE - bits.height / 2)
    let best = 0
    for (let dy = -SHIFT; dy <= SHIFT; dy++) {
      for (let dx = -SHIFT; dx <= SHIFT; dx++) {
        best = Math.max(
          best,
          agreement(bits, fine, left + dx, top + dy)
        )
      }
    }
    return best
  }
  return earlier => {
    const { coarse, fine } = readOutline(earlier)
    const places = [false, true].flatMap(mirrored => SIZES.map(size => bestPlace(
      viewOf(COARSE, size, 0, mirrored),
      coarse,
      { size, mirrored }
    )))
      .sort((a, b) => b.score - a.score)
    let best = 0
    for (const place of places.slice(0, BEST)) {
      if (place.score < ROUGHLY_ALIKE) break
      const sizes = [0.95, 1, 1.05].map(finer => ({
        size: place.size * finer,
        score: closer(place, fine, place.size * finer, 0)
      }))
      const { size, score } = sizes.reduce((one, other) => other.score > one.score ? other : one)
      best = Math.max(best, score, ...TURNS.map(turn => closer(place, fine, size, turn)))
    }
    return best
  }
}

function bestPlace (bits: Bits, earlier: Bits, view: Pick<Place, 'size' | 'mirrored'>): Place {
  let best = { ...view, x: 0, y: 0, score: -1 }
  const reach = (one: number, other: number): [number, number] => {
    const out = Math.ceil(Math.min(one, other) * 0.25)
    return [Math.min(0, other - one) - out, Math.max(0, other - one) + out]
  }
  const [x1, x2] = reach(bits.width, earlier.width)
  const [y1, y2] = reach(bits.height, earlier.height)
  const least = LEAST_OVERLAP * Math.min(bits.width * bits.height, earlier.width * earlier.height)
  for (let y = y1; y <= y2; y++) {
    for (let x = x1; x <= x2; x++) {
      if (overlap(x, bits.width, earlier.width) * overlap(y, bits.height, earlier.height) < least) continue
      const score = agreement(bits, earlier, x, y)
      if (score > best.score) best = { ...view, x, y, score }
    }
  }
  return best
}

function overlap (start: number, length: number, other: number): number {
  return Math.min(other, start + length) - Math.max(0, start)
}

/** Agreeing minus disagreeing cells, over the deviation of chance; 0 where the overlap is small. */
function agreement (bits: Bits, earlier: Bits, x: number, y: number): number {
  let [both, differ] = [0, 0]
  const [from, to] = [Math.max(0, y), Math.min(earlier.height, y + bits.height)]
  for (let row = from; row < to; row++) {
    const start = (row - y) * bits.words
    if (bits.words === 1 && earlier.words === 1) {
      const [ofBright, ofStrong] = [bits.bright[start]!, bits.strong[start]!]
      const strong = (x < 0 ? ofStrong >>> -x : ofStrong << x) & earlier.strong[row]!
      both += bitCount(strong)
      differ += bitCount(((x < 0 ? ofBright >>> -x : ofBright << x) ^ earlier.bright[row]!) & strong)
      continue
    }
    for (let word = 0; word < earlier.words; word++) {
      const at = row * earlier.words + word
      const strong = shifted(bits.strong, start, bits.words, word * 32 - x) & earlier.strong[at]!
      if (strong === 0) continue
      both += bitCount(strong)
      differ += bitCount((shifted(bits.bright, start, bits.words, word * 32 - x) ^ earlier.bright[at]!) & strong)
    }
  }
  return both < LEAST_OVERLAP * Math.min(bits.count, earlier.count) ? 0 : (both - 2 * differ) / Math.sqrt(both)
}

/** 32 bits of a row from a bit on; bits beyond the row are 0. */
function shifted (words: Uint32Array, start: number, count: number, bit: number): number {
  const index = bit >> 5
  const shift = bit & 31
  const low = index >= 0 && index < count ? words[start + index]! : 0
  if (shift === 0) return low
  const high = index + 1 >= 0 && index + 1 < count ? words[start + index + 1]! : 0
  return (low >>> shift) | (high << (32 - shift))
}

/** The picture on `side * size` cells along its longer side, turned about its middle. */
function view ({ width, height, data }: Grey, side: number, size: number, turn: number, mirrored: boolean): Grey {
  const scale = side * size / Math.max(width, height)
  const [columns, rows] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  const [cos, sin] = [Math.cos(turn * Math.PI / 180) / scale, Math.sin(turn * Math.PI / 180) / scale]
  const cells = new Float32Array(columns * rows)
  const samples = side === COARSE ? [-0.25, 0.25] : [0]
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0
      for (const sy of samples) {
        for (const sx of samples) {
          const u = (mirrored ? columns - 1 - x : x) + 0.5 + sx - columns / 2
          const v = y + 0.5 + sy - rows / 2
          sum += levelAt(data, width, height, u * cos - v * sin + width / 2 - 0.5, u * sin + v * cos + height / 2 - 0.5)
        }
      }
      cells[y * columns + x] = sum / samples.length ** 2
    }
  }
  return { width: columns, height: rows, data: cells }
}

function levelAt (data: Float32Array, width: number, height: number, x: number, y: number): number {
  const [left, top] = [Math.min(Math.max(x, 0), width - 1.001), Math.min(Math.max(y, 0), height - 1.001)]
  const [i, j] = [Math.floor(left), Math.floor(top)]
  const [dx, dy] = [left - i, top - j]
  const at = j * width + i
  return (data[at]! * (1 - dx) + data[at + 1]! * dx) * (1 - dy) +
    (data[at + width]! * (1 - dx) + data[at + width + 1]! * dx) * dy
}

function bitsOf (cells: Grey): Bits {
  const { width, height } = cells
  const near = boxMeans(cells, NEAR)
  const around = boxMeans(cells, AROUND)
  const difference = near.map((value, i) => value - around[i]!)
  const least = STRONG * difference.reduce((sum, value) => sum + Math.abs(value), 0) / difference.length
  const words = Math.ceil(width / 32)
  const [bright, strong] = [new Uint32Array(words * height), new Uint32Array(words * height)]
  let count = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = difference[y * width + x]!
      if (Math.abs(value) <= least) continue
      count++
      strong[y * words + (x >> 5)]! |= 1 << (x & 31)
      if (value > 0) bright[y * words + (x >> 5)]! |= 1 << (x & 31)
    }
  }
  return { width, height, words, bright, strong, count }
}

/** The mean of the square around each cell, as far as it lies inside (integral image, Crow 1984). */
function boxMeans ({ width, height, data }: Grey, reach: number): Float32Array {
  const stride = width + 1
  const integral = new Float64Array(stride * (height + 1))
  for (let y = 0; y < height; y++) {
    let line = 0
    for (let x = 0; x < width; x++) {
      line += data[y * width + x]!
      integral[(y + 1) * stride + x + 1] = integral[y * stride + x + 1]! + line
    }
  }
  const means = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const [y1, y2] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)]
    for (let x = 0; x < width; x++) {
      const [x1, x2] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)]
      const sum = integral[y2 * stride + x2]! - integral[y1 * stride + x2]! - integral[y2 * stride + x1]! +
        integral[y1 * stride + x1]!
      means[y * width + x] = sum / ((y2 - y1) * (x2 - x1))
    }
  }
  return means
}

/** Number of set bits (the parallel sum of Hacker's Delight, figure 5-2). */
function bitCount (word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return (((fours + (fours >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
