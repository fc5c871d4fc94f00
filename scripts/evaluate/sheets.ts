/**
 * Exact pictures of a photo that was printed, bent and turned in front of a camera: a pinhole looks at a plane or a
 * cylinder.
 */
import type { Picture } from '../../workers/pixels.ts'
import type { Box, Frame } from '../../workers/types.ts'

export interface Sheet {
  /**
   * Radius of the cylinder in face widths, bulging towards the camera when positive and away when negative; null: flat.
   */
  radius: number | null
  /** Of the cylinder. */
  axis: 'upright' | 'level'
  /** Degrees by which the sheet is turned. */
  yaw: number
  pitch: number
  /** Of the camera, in face widths: 1.5 fills the frame of a webcam, 5 is an outstretched arm. */
  distance: number
}

/** Side of the picture in pixels, and how many face widths it shows. */
const side = 280
const shown = 2.2

/** @param face box of the face that is in the middle of the picture */
export function photographSheet (photo: Picture, face: Box, sheet: Sheet): Frame {
  const pixels = new Uint8Array(new SharedArrayBuffer(side * side * 3)).fill(110)
  const width = face[2] - face[0]
  const centre = [(face[0] + face[2]) / 2, (face[1] + face[3]) / 2] as const
  const focal = side / shown * sheet.distance
  const turn = rotation(sheet)
  const eye = turn(0, 0, -sheet.distance)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const place = meet(sheet, eye, turn((x + 0.5 - side / 2) / focal, (y + 0.5 - side / 2) / focal, 1))
      if (place !== null) {
        sample(
          photo,
          centre[0] + place[0] * width - 0.5,
          centre[1] + place[1] * width - 0.5,
          pixels,
          (y * side + x) * 3
        )
      }
    }
  }
  return { width: side, height: side, pixels: pixels.buffer as SharedArrayBuffer }
}

type Vector = [x: number, y: number, z: number]

/** From the camera's directions to those of the sheet. */
function rotation ({ yaw, pitch }: Sheet): (x: number, y: number, z: number) => Vector {
  const [cy, sy] = [Math.cos(yaw * Math.PI / 180), Math.sin(yaw * Math.PI / 180)]
  const [cp, sp] = [Math.cos(pitch * Math.PI / 180), Math.sin(pitch * Math.PI / 180)]
  return (x, y, z) => {
    const [y1, z1] = [cp * y + sp * z, cp * z - sp * y]
    return [cy * x - sy * z1, y1, sy * x + cy * z1]
  }
}

/** Where a ray meets the sheet, in face widths along the paper from its middle; null: nowhere. */
function meet ({ radius, axis }: Sheet, [ox, oy, oz]: Vector, [dx, dy, dz]: Vector): [number, number] | null {
  if (radius === null) {
    const t = -oz / dz
    return [ox + t * dx, oy + t * dy]
  }
  if (axis === 'level') {
    const place = meet({ radius, axis: 'upright', yaw: 0, pitch: 0, distance: 0 }, [oy, ox, oz], [dy, dx, dz])
    return place === null ? null : [place[1], place[0]]
  }
  const a = dx * dx + dz * dz
  const b = 2 * (ox * dx + (oz - radius) * dz)
  const root = b * b - 4 * a * (ox * ox + (oz - radius) ** 2 - radius * radius)
  if (root <= 0) return null
  const t = (-b - Math.sign(radius) * Math.sqrt(root)) / (2 * a)
  const angle = Math.atan2(ox + t * dx, Math.sign(radius) * (radius - oz - t * dz))
  return Math.abs(angle) < 1.55 ? [angle * Math.abs(radius), oy + t * dy] : null
}

/** Bilinear; outside of the photo nothing is drawn. */
function sample ({ width, height, data }: Picture, x: number, y: number, target: Uint8Array, at: number): void {
  if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) return
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [fx, fy] = [x - left, y - top]
  const from = (top * width + left) * 3
  for (let c = from; c < from + 3; c++) {
    const above = data[c]! * (1 - fx) + data[c + 3]! * fx
    const below = data[c + width * 3]! * (1 - fx) + data[c + width * 3 + 3]! * fx
    target[at + c - from] = Math.round(above * (1 - fy) + below * fy)
  }
}
