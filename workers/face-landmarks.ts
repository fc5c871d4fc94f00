/**
 * Finds the 68 landmarks of a face whose detector gave only a box (iBUG 300-W numbering), and the five points among
 * them.
 */
import { scaledBoxInside } from './boxes.ts'
import { createPicture, pictureOf, type Rect, type Size } from './pixels.ts'
import { inputLength, toPlanes } from './network-input.ts'
import { resize } from './resize.ts'
import type { Session } from './session.ts'
import type { Box, FivePoints, Frame, ModelSet, Point } from './types.ts'

/** x and y of the 68 points of the face in `box`, one after the other, in frame pixels. */
export type FaceLandmarks = (frame: Frame, box: Box) => Promise<Float32Array>

type LandmarksModel = NonNullable<ModelSet['faceLandmarks']>

export function createFaceLandmarks (model: LandmarksModel, session: Session): FaceLandmarks {
  const canvas = createPicture(model.input.width, model.input.height)
  const values = new Float32Array(inputLength(canvas, model.input.channels))
  const shape = [1, values.length / canvas.width / canvas.height, canvas.height, canvas.width]
  const whole: Rect = { left: 0, top: 0, width: canvas.width, height: canvas.height }

  return async (frame, box) => {
    const crop = landmarkCrop(box, frame)
    resize(pictureOf(frame), crop, canvas, whole)
    toPlanes(canvas, model.input, values)
    const [output] = await session.run(values, shape)
    return output!.data.map((value, i) => i % 2 === 0
      ? crop.left + value * crop.width
      : crop.top + value * crop.height) as Float32Array
  }
}

/** The face box moved inside the frame, its sides cut to whole pixels. */
export function landmarkCrop (box: Box, frame: Size): Rect {
  const [left, top, right, bottom] = scaledBoxInside(box, 1, frame).map(Math.trunc) as Box
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) }
}

/** Eyes are the mean of their six outline points (36 to 41, 42 to 47), nose tip 30, mouth corners 48 and 54. */
export function fivePoints (landmarks: Float32Array): FivePoints {
  const point = (i: number): Point => [landmarks[2 * i]!, landmarks[2 * i + 1]!]
  const eye = (first: number): Point => {
    const outline = Array.from({ length: 6 }, (_, i) => point(first + i))
    return [outline.reduce((sum, [x]) => sum + x / 6, 0), outline.reduce((sum, [, y]) => sum + y / 6, 0)]
  }
  return [eye(36), eye(42), point(30), point(48), point(54)]
}
