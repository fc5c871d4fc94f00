/** Resizes 8-bit RGB pixels: plain bilinear, and by area. */
import type { Picture, Rect } from './pixels.ts'

const fractionBits = 11
const one = 1 << fractionBits
const half = 1 << (2 * fractionBits - 1)

/**
 * The two source samples, `step` apart, and the weight of the second, in 1/2048, for every target sample along one
 * axis.
 */
function taps (from: number, length: number, count: number, step: number): {
  first: Int32Array,
  second: Int32Array,
  weight: Int32Array
} {
  const first = new Int32Array(count)
  const second = new Int32Array(count)
  const weight = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const position = Math.min(Math.max((i + 0.5) * length / count - 0.5, 0), length - 1)
    const floor = Math.floor(position)
    first[i] = (from + floor) * step
    second[i] = (from + Math.min(floor + 1, length - 1)) * step
    weight[i] = Math.round((position - floor) * one)
  }
  return { first, second, weight }
}

/**
 * Resizes the region `from` of `source` into the region `to` of `target`: plain bilinear with half-pixel centres,
 * clamped edge, rounded to 8 bit, no antialiasing (as OpenCV's INTER_LINEAR). An antialiased filter would be prettier
 * but moves liveness scores by up to 0.7. Both regions must lie inside their pictures.
 */
export function resize (source: Picture, from: Rect, target: Picture, to: Rect): void {
  const { first, second, weight } = taps(from.left, from.width, to.width, 3)
  const rows = taps(from.top, from.height, to.height, source.width * 3)
  const input = source.data
  const output = target.data
  // Written out for three channels in 32-bit integers (no sum exceeds 2^30): three times faster than a loop over
  // channels.
  for (let y = 0; y < to.height; y++) {
    const upper = rows.first[y]!
    const lower = rows.second[y]!
    const lowerShare = rows.weight[y]!
    const upperShare = one - lowerShare
    let out = ((to.top + y) * target.width + to.left) * 3
    for (let x = 0; x < to.width; x++, out += 3) {
      const a = upper + first[x]!
      const b = upper + second[x]!
      const c = lower + first[x]!
      const d = lower + second[x]!
      const rightShare = weight[x]!
      const leftShare = one - rightShare
      const wa = Math.imul(leftShare, upperShare)
      const wb = Math.imul(rightShare, upperShare)
      const wc = Math.imul(leftShare, lowerShare)
      const wd = Math.imul(rightShare, lowerShare)
      output[out] = (Math.imul(input[a]!, wa) +
        Math.imul(input[b]!, wb) +
        Math.imul(input[c]!, wc) +
        Math.imul(input[d]!, wd) +
        half) >> (2 * fractionBits)
      output[out + 1] = (Math.imul(input[a + 1]!, wa) +
        Math.imul(input[b + 1]!, wb) +
        Math.imul(input[c + 1]!, wc) +
        Math.imul(input[d + 1]!, wd) +
        half) >> (2 * fractionBits)
      output[out + 2] = (Math.imul(input[a + 2]!, wa) +
        Math.imul(input[b + 2]!, wb) +
        Math.imul(input[c + 2]!, wc) +
        Math.imul(input[d + 2]!, wd) +
        half) >> (2 * fractionBits)
    }
  }
}

/**
 * Shrinks the whole picture to fill `target`: each pixel is the mean of the area it covers (OpenCV's INTER_AREA).
 * `target` must not be larger than `source` in either direction.
 */
export function shrinkByArea (source: Picture, target: Picture): void {
  const columns = coverage(source.width, target.width)
  const rows = coverage(source.height, target.height)
  let out = 0
  for (const row of rows) {
    for (const column of columns) {
      let [red, green, blue] = [0, 0, 0]
      for (let y = row.first; y < row.end; y++) {
        const height = row.share(y)
        for (let x = column.first; x < column.end; x++) {
          const area = height * column.share(x)
          const at = (y * source.width + x) * 3
          red += area * source.data[at]!
          green += area * source.data[at + 1]!
          blue += area * source.data[at + 2]!
        }
      }
      const whole = row.length * column.length
      target.data[out++] = Math.round(red / whole)
      target.data[out++] = Math.round(green / whole)
      target.data[out++] = Math.round(blue / whole)
    }
  }
}

/** Which source samples each of `count` target samples covers along one axis, and how much of each, 0..1. */
function coverage (length: number, count: number): {
  first: number,
  end: number,
  length: number,
  share: (i: number) => number
}[] {
  return Array.from({ length: count }, (_, i) => {
    const from = i * length / count
    const to = (i + 1) * length / count
    return {
      first: Math.floor(from),
      end: Math.min(Math.ceil(to), length),
      length: to - from,
      share: at => Math.min(at + 1, to) - Math.max(at, from)
    }
  })
}
