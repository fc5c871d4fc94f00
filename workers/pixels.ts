/** Plain loops over 8-bit RGB pixels: resize, crop, warp, and the step from pixels to a network's input. */
import type { PixelInput } from '../src/models/manifest.ts'
import type { FivePoints, Frame } from './types.ts'

/** 8-bit RGB, row by row: `data` has width * height * 3 bytes. */
export interface Picture {
  width: number
  height: number
  data: Uint8Array
}

export interface Size { width: number, height: number }

/** A rectangle of whole pixels. */
export interface Rect extends Size { left: number, top: number }

/**
 * Where a picture lies on a network's canvas. A canvas point maps back as x = (X - left) / scaleX, y likewise; the
 * scales are kept apart from the rounded size because the reference implementations divide by the exact ratio.
 */
export interface Placement extends Rect { scaleX: number, scaleY: number }

/** First row `[a, b, tx]`, second row `[c, d, ty]` of the map from frame to crop pixels. */
export type Matrix = [a: number, b: number, tx: number, c: number, d: number, ty: number]

export function createPicture (width: number, height: number): Picture {
  return { width, height, data: new Uint8Array(width * height * 3) }
}

/** The frame's shared memory seen as a picture; nothing is copied. */
export function pictureOf (frame: Frame): Picture {
  return {
    width: frame.width,
    height: frame.height,
    data: new Uint8Array(frame.pixels, 0, frame.width * frame.height * 3)
  }
}

/** Fills the canvas and ignores the aspect. */
export function stretch (source: Size, canvas: Size): Placement {
  return { left: 0, top: 0, ...canvas, scaleX: canvas.width / source.width, scaleY: canvas.height / source.height }
}

/** Keeps the aspect, top left; sizes are cut, not rounded, and the scale comes from the height (InsightFace SCRFD). */
export function letterboxTopLeft (source: Size, canvas: Size): Placement {
  const aspect = source.height / source.width
  const tall = aspect > canvas.height / canvas.width
  const width = Math.max(1, tall ? Math.floor(canvas.height / aspect) : canvas.width)
  const height = Math.max(1, tall ? canvas.height : Math.floor(canvas.width * aspect))
  const scale = height / source.height
  return { left: 0, top: 0, width, height, scaleX: scale, scaleY: scale }
}

/** Keeps the aspect, centred; half a pixel too many goes to the right and the bottom (Ultralytics LetterBox). */
export function letterboxCentre (source: Size, canvas: Size): Placement {
  const ratio = Math.min(canvas.width / source.width, canvas.height / source.height)
  const width = Math.max(1, roundHalfEven(source.width * ratio))
  const height = Math.max(1, roundHalfEven(source.height * ratio))
  return {
    left: Math.round((canvas.width - width) / 2 - 0.1),
    top: Math.round((canvas.height - height) / 2 - 0.1),
    width,
    height,
    scaleX: ratio,
    scaleY: ratio
  }
}

/** Python's rounding: a row more or less moves every box of a photo whose scaled size ends in one half. */
function roundHalfEven (value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + floor % 2 : Math.round(value)
}

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

/** Draws `source` at `place` on the canvas and fills the rest with one grey level (0..255). */
export function drawOnCanvas (source: Picture, canvas: Picture, place: Placement, level: number): void {
  if (place.width !== canvas.width || place.height !== canvas.height) canvas.data.fill(level)
  resize(source, { left: 0, top: 0, width: source.width, height: source.height }, canvas, place)
}

/**
 * Copies a rectangle that may reach beyond the picture; what lies outside is mirrored without repeating the rim
 * (OpenCV's BORDER_REFLECT_101).
 */
export function cropReflected (source: Picture, { left, top, width, height }: Rect): Picture {
  const crop = createPicture(width, height)
  let out = 0
  for (let y = 0; y < height; y++) {
    const row = reflect(top + y, source.height) * source.width
    for (let x = 0; x < width; x++) {
      const at = (row + reflect(left + x, source.width)) * 3
      crop.data[out++] = source.data[at]!
      crop.data[out++] = source.data[at + 1]!
      crop.data[out++] = source.data[at + 2]!
    }
  }
  return crop
}

function reflect (position: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const phase = ((position % period) + period) % period
  return phase < length ? phase : period - phase
}

/**
 * Least-squares similarity transform (scale, rotation, shift, no mirroring) that takes `from` onto `to`: Umeyama 1991.
 * In the plane the transform is the complex number a + ib, and the least squares have this closed form.
 */
export function similarity (from: FivePoints, to: FivePoints): Matrix {
  const [fromX, fromY] = centroid(from)
  const [toX, toY] = centroid(to)
  let real = 0
  let imaginary = 0
  let spread = 0
  from.forEach(([x, y], i) => {
    const u = x - fromX
    const v = y - fromY
    const s = to[i]![0] - toX
    const t = to[i]![1] - toY
    real += u * s + v * t
    imaginary += u * t - v * s
    spread += u * u + v * v
  })
  // Five equal points have no direction; scale 0 gives a flat crop instead of NaN.
  const a = spread > 0 ? real / spread : 0
  const b = spread > 0 ? imaginary / spread : 0
  return [a, -b, toX - a * fromX + b * fromY, b, a, toY - b * fromX - a * fromY]
}

function centroid (points: FivePoints): [x: number, y: number] {
  return [
    points.reduce((sum, [x]) => sum + x, 0) / points.length,
    points.reduce((sum, [, y]) => sum + y, 0) / points.length
  ]
}

/** Fills `target` with the picture seen through a similarity transform: bilinear, black outside. */
export function warp (source: Picture, [a, b, tx, , , ty]: Matrix, target: Picture): void {
  const { width, height, data } = source
  const determinant = a * a + b * b
  if (determinant === 0) {
    target.data.fill(0)
    return
  }
  const cos = a / determinant
  const sin = b / determinant
  const stride = width * 3
  const level = (x: number, y: number, channel: number): number =>
    x >= 0 && y >= 0 && x < width && y < height ? data[y * stride + x * 3 + channel]! : 0
  let out = 0
  for (let v = 0; v < target.height; v++) {
    for (let u = 0; u < target.width; u++) {
      const x = cos * (u - tx) - sin * (v - ty)
      const y = sin * (u - tx) + cos * (v - ty)
      const x0 = Math.floor(x)
      const y0 = Math.floor(y)
      const wx = x - x0
      const wy = y - y0
      const inside = x0 >= 0 && y0 >= 0 && x0 + 1 < width && y0 + 1 < height
      const at = y0 * stride + x0 * 3
      for (let channel = 0; channel < 3; channel++) {
        const a = inside ? data[at + channel]! : level(x0, y0, channel)
        const b = inside ? data[at + 3 + channel]! : level(x0 + 1, y0, channel)
        const c = inside ? data[at + stride + channel]! : level(x0, y0 + 1, channel)
        const d = inside ? data[at + stride + 3 + channel]! : level(x0 + 1, y0 + 1, channel)
        target.data[out++] = (a * (1 - wx) + b * wx) * (1 - wy) + (c * (1 - wx) + d * wx) * wy + 0.5
      }
    }
  }
}

/** Grey levels of a picture by the ITU-R BT.601 weights, 0..255, one value a pixel, not rounded. */
export function greyLevels ({ data }: Picture, output: Float32Array = new Float32Array(data.length / 3)): Float32Array {
  for (let i = 0, at = 0; at < data.length; i++, at += 3) {
    output[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
  }
  return output
}

/** Values that one picture takes as network input. */
export function inputLength ({ width, height }: Size, channels: PixelInput['channels']): number {
  return width * height * (channels === 'GRAY' ? 1 : 3)
}

/** Writes the picture to `output` as planes (CHW) of (level - mean) / std in the model's channel order. */
export function toPlanes (picture: Picture, { channels, mean, std }: PixelInput, output: Float32Array): void {
  const { data } = picture
  const area = picture.width * picture.height
  if (channels === 'GRAY') {
    greyLevels(picture, output)
    for (let i = 0; i < area; i++) output[i] = (output[i]! - mean) / std
    return
  }
  const table = Float32Array.from({ length: 256 }, (_, level) => (level - mean) / std)
  const red = channels === 'RGB' ? 0 : 2 * area
  const blue = 2 * area - red
  for (let i = 0, at = 0; i < area; i++, at += 3) {
    output[red + i] = table[data[at]!]!
    output[area + i] = table[data[at + 1]!]!
    output[blue + i] = table[data[at + 2]!]!
  }
}
