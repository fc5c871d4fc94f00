/**
 * Heads made of 68 points in space, photographed by arithmetic: views of a turned head, of a plane, and of a bent
 * sheet.
 */
import type { Face } from '../../workers/types.ts'
import { headPose } from '../../workers/face-quality.ts'
import { fivePoints } from '../../workers/face-landmarks.ts'
import { face } from './faces.ts'

type Point3 = [x: number, y: number, z: number]

/** x and y as a face lies in a photo, z towards the camera, in thirds of a face; roughly a mean face. */
const head: Point3[] = [
  ...Array.from({ length: 17 }, (_, i): Point3 => {
    const angle = Math.PI * (i / 16)
    return [-1.45 * Math.cos(angle), 1.9 * Math.sin(angle) - 0.2, -1.1 + 0.9 * Math.sin(angle)]
  }),
  ...[-1.1, -0.9, -0.7, -0.5, -0.3, 0.3, 0.5, 0.7, 0.9, 1.1].map((x): Point3 => [
    x,
    -0.75 + 0.1 * Math.abs(x),
    0.35 - 0.35 * x * x
  ]),
  ...([
    [0, -0.3, 0.45],
    [0, 0, 0.65],
    [0, 0.25, 0.85],
    [0, 0.5, 1],
    [-0.3, 0.65, 0.6],
    [-0.15, 0.7, 0.7],
    [0, 0.72, 0.75],
    [0.15, 0.7, 0.7],
    [0.3, 0.65, 0.6]
  ] as Point3[]),
  ...[-0.65, 0.65].flatMap(eye =>
    [
      [-0.28, 0],
      [-0.1, -0.1],
      [0.1, -0.1],
      [0.28, 0],
      [0.1, 0.08],
      [-0.1, 0.08]
    ].map(([x, y]): Point3 => [eye + x!, -0.35 + y!, 0.2 - 0.3 * Math.abs(eye + x!)])
  ),
  ...Array.from({ length: 20 }, (_, i): Point3 => {
    const angle = Math.PI * (1 + i / 6)
    return [0.5 * Math.cos(angle), 1.15 + 0.18 * Math.sin(angle), 0.5]
  })
]

/** Where a face lies in a photo that has been printed: nothing stands out. */
const printed = head.map(([x, y]): Point3 => [x, y, 0])

/** @param radius of the cylinder about the vertical axis that the print is bent to, in the units of the head */
function bent (radius: number): Point3[] {
  return printed.map(([x, y]) => [radius * Math.sin(x / radius), y, radius * (Math.cos(x / radius) - 1)])
}

/** Degrees; the signs of `FaceQuality`. `distance` of the camera in the units of the head: 12 is an arm's length. */
export interface Turn { yaw?: number, pitch?: number, distance?: number }

/** Pixels of a photo with the head in its middle. */
function photograph (points: readonly Point3[], { yaw = 0, pitch = 0, distance = 12 }: Turn): Float32Array {
  const [a, b] = [yaw * Math.PI / 180, -pitch * Math.PI / 180]
  return Float32Array.from(points.flatMap(([x, y, z]) => {
    const [x1, z1] = [x * Math.cos(a) + z * Math.sin(a), z * Math.cos(a) - x * Math.sin(a)]
    const [y2, z2] = [y * Math.cos(b) - z1 * Math.sin(b), z1 * Math.cos(b) + y * Math.sin(b)]
    const scale = 80 * distance / (distance - z2)
    return [320 + x1 * scale, 240 + y2 * scale]
  }))
}

export const photographs = {
  head: (turn: Turn) => photograph(head, turn),
  print: (turn: Turn) => photograph(printed, turn),
  sheet: (radius: number, turn: Turn) => photograph(bent(radius), turn)
}

/** The face that the workers would report for these landmarks. */
export function faceOf (landmarks: Float32Array, embedding: Float32Array): Face & Required<Pick<Face, 'landmarks'>> {
  const points = fivePoints(landmarks)
  return { ...face({ box: [220, 140, 420, 400], points, embedding, quality: headPose(points) }), landmarks }
}
