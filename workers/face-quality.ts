/** How good a view of a face is, for choosing and refusing photos. */
import { boxArea, boxHeight, boxWidth, clipBox } from './boxes.ts'
import { alignmentOf } from './face-embedder.ts'
import { greyLevels, type Picture, type Size } from './pixels.ts'
import type { Box, FaceQuality, FivePoints } from './types.ts'

/** `crop` is the aligned crop of the face. */
export function faceQuality (
  box: Box,
  points: FivePoints,
  crop: Picture,
  frame: Size
): Omit<FaceQuality, 'length' | 'score'> {
  const grey = greyLevels(crop)
  const brightness = mean(grey)
  const contrast = mean(grey.map(level => (level - brightness) ** 2))
  return {
    size: Math.min(boxWidth(box), boxHeight(box)),
    sharpness: contrast === 0 ? 0 : laplacianVariance(grey, crop) / contrast,
    brightness,
    ...headPose(points),
    inside: boxArea(box) === 0 ? 0 : Math.min(boxArea(clipBox(box, frame)) / boxArea(box), coreInside(points, frame))
  }
}

/** From temple to temple and from brow to chin, pixels of the aligned crop. */
const core = { left: 20, right: 92, top: 28, bottom: 112 }

/**
 * Share of the face's core that lies inside the frame, 0..1. Many detectors shrink the box of a cut-off face to what is
 * left of it, but the points still show where the rest would be.
 */
function coreInside (points: FivePoints, { width, height }: Size): number {
  const [a, b, tx, , , ty] = alignmentOf(points)
  const determinant = a * a + b * b
  let inside = 0
  let count = 0
  for (let v = core.top; v < core.bottom; v += 4) {
    for (let u = core.left; u < core.right; u += 4) {
      const x = (a * (u - tx) - b * (v - ty)) / determinant
      const y = (b * (u - tx) + a * (v - ty)) / determinant
      if (x >= 0 && y >= 0 && x < width && y < height) inside++
      count++
    }
  }
  return inside / count
}

function mean (values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Variance of the 4-neighbour Laplacian of grey levels: a common measure of focus (Pech-Pacheco 2000). */
export function laplacianVariance (grey: Float32Array, { width, height }: Size): number {
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const laplacian = grey[i - 1]! + grey[i + 1]! + grey[i - width]! + grey[i + width]! - 4 * grey[i]!
      sum += laplacian
      squares += laplacian * laplacian
    }
  }
  const count = (width - 2) * (height - 2)
  return squares / count - (sum / count) ** 2
}

/**
 * Rough angles, in degrees, of a head whose proportions are average. Yaw grows as the nose moves to the right of the
 * middle between the eyes, pitch as the nose sinks towards the mouth, roll as the head tips to the right of the
 * picture.
 */
export function headPose ([leftEye, rightEye, nose, leftMouth, rightMouth]: FivePoints): Pick<
  FaceQuality,
  'yaw' | 'pitch' | 'roll'
> {
  const roll = Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0])
  const eyes = [(leftEye[0] + rightEye[0]) / 2, (leftEye[1] + rightEye[1]) / 2] as const
  const mouth = [(leftMouth[0] + rightMouth[0]) / 2, (leftMouth[1] + rightMouth[1]) / 2] as const
  // Lengths along and across the face, so that roll does not disturb the other two angles.
  const across = ([x, y]: readonly [number, number]): number =>
    (x - eyes[0]) * Math.cos(roll) + (y - eyes[1]) * Math.sin(roll)
  const along = ([x, y]: readonly [number, number]): number =>
    (y - eyes[1]) * Math.cos(roll) - (x - eyes[0]) * Math.sin(roll)
  const eyeDistance = Math.hypot(rightEye[0] - leftEye[0], rightEye[1] - leftEye[1])
  const faceLength = along(mouth)
  // A face that turns shortens the eye distance and a face that nods its length: the longer one is the steadier ruler.
  const ruler = Math.max(eyeDistance, Math.abs(faceLength), 1e-6)
  const middle = across(mouth) / 2
  return {
    yaw: angle((across(nose) - middle) / (noseDepth * ruler)),
    pitch: angle((along(nose) - frontalNose * faceLength) / (noseDepth * ruler)),
    roll: (roll * 180) / Math.PI
  }
}

/**
 * How far the nose tip stands out, in eye distances, and how far down it lies between eyes and mouth (ArcFace template:
 * 0.50).
 */
const noseDepth = 0.5
const frontalNose = 0.5

function angle (sine: number): number {
  return Math.asin(Math.min(Math.max(sine, -1), 1)) * 180 / Math.PI
}
