/** Similarity transforms: five points onto five others, and the picture seen through one. */
import type { Picture } from './pixels.ts'
import type { FivePoints } from './types.ts'

/** First row `[a, b, tx]`, second row `[c, d, ty]` of the map from frame to crop pixels. */
export type Matrix = [a: number, b: number, tx: number, c: number, d: number, ty: number]

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
