/** Distinguishes a head from a picture of one: by depth. */

/**
 * The points of the 68 that a rigid head carries: outline, brows, nose and eyes. The mouth is left out, since it moves
 * by itself.
 */
const RIGID_POINTS = 48

type Point = readonly [x: number, y: number]

/**
 * How badly an affine map explains the way from one view of a face to another, both ways: the root mean square of what
 * remains over the root mean square size of the points, 0..1. Two views of a plane differ by nearly an affine map, so
 * that a print leaves little; nose and outline of a head that turns move against each other.
 * @param a x and y of 68 landmarks, in pixels of any scale; so `b`
 */
export function parallax (a: Float32Array, b: Float32Array): number {
  const [one, other] = [centred(a), centred(b)]
  return (affineResidual(one, other) + affineResidual(other, one)) / 2
}

/** The rigid points about their mean. */
function centred (landmarks: Float32Array): Point[] {
  const points = Array.from({ length: RIGID_POINTS }, (_, i): Point => [landmarks[2 * i]!, landmarks[2 * i + 1]!])
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / RIGID_POINTS
  const [mx, my] = [mean(0), mean(1)]
  return points.map(([x, y]) => [x - mx, y - my])
}

/** Least squares in closed form: about their means no shift is left, and two unknowns remain for each axis. */
function affineResidual (from: readonly Point[], to: readonly Point[]): number {
  let [xx, xy, yy, size] = [0, 0, 0, 0]
  const products = [[0, 0], [0, 0]]
  from.forEach(([x, y], i) => {
    const target = to[i]!
    xx += x * x
    xy += x * y
    yy += y * y
    for (const axis of [0, 1] as const) {
      size += target[axis] ** 2
      products[axis]![0]! += x * target[axis]
      products[axis]![1]! += y * target[axis]
    }
  })
  const determinant = xx * yy - xy * xy
  if (size === 0 || determinant <= 1e-9 * xx * yy) return 0
  const explained = products.reduce(
    (sum, [px, py]) => sum + (yy * px! * px! - 2 * xy * px! * py! + xx * py! * py!) / determinant,
    0
  )
  return Math.sqrt(Math.max(0, size - explained) / size)
}
