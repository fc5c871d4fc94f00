/** Finds things: labelled boxes. */
import { boxArea, boxToFrame, clipBox, suppress } from './boxes.ts'
import { objectFormats } from './formats/index.ts'
import { drawOnCanvas, inputLength, letterboxCentre, type Picture, pictureOf, type Size, toPlanes } from './pixels.ts'
import type { Session } from './session.ts'
import type { Detection, Frame, ModelSet } from './types.ts'

export type ObjectDetector = (frame: Frame) => Promise<Detection[]>

/** Grey level of the rim, as the networks saw it in training (Ultralytics). */
const padding = 114

/** Networks with a dynamic input want multiples of their largest stride. */
const stride = 32

/** The smallest canvas that holds the scaled picture: a network with a dynamic input need not look at an empty rim. */
function rectangleAround (picture: Size, largest: Size): Size {
  const { width, height } = letterboxCentre(picture, largest)
  const whole = (length: number): number => Math.ceil(length / stride) * stride
  return { width: Math.min(largest.width, whole(width)), height: Math.min(largest.height, whole(height)) }
}

/** Returns a function that finds all objects of a frame, best score first, boxes clipped to the frame. */
export function createObjectDetector (model: NonNullable<ModelSet['objectDetector']>, session: Session, labels: string[]): ObjectDetector {
  const { width, height, channels } = model.input
  const pixels = new Uint8Array(width * height * 3)
  const values = new Float32Array(inputLength({ width, height }, channels))
  const dynamic = session.inputShape[2] === null && session.inputShape[3] === null
  const format = objectFormats[model.format]

  return async frame => {
    const picture = pictureOf(frame)
    const size = dynamic ? rectangleAround(picture, { width, height }) : { width, height }
    const canvas: Picture = { ...size, data: pixels.subarray(0, size.width * size.height * 3) }
    const place = format.place(picture, canvas)
    drawOnCanvas(picture, canvas, place, padding)
    toPlanes(canvas, model.input, values)
    const input = values.subarray(0, inputLength(canvas, channels))
    const shape = [1, input.length / canvas.width / canvas.height, canvas.height, canvas.width]
    const candidates = format.decode(await session.run(input, shape), canvas, model.scoreThreshold)
    const byClass = Map.groupBy(candidates, candidate => candidate.classIndex)
    return [...byClass.values()]
      .flatMap(sameClass => suppress(sameClass, model.iouThreshold))
      .sort((a, b) => b.score - a.score)
      .map(({ classIndex, score, box }) => ({ label: labels[classIndex] ?? `class ${classIndex}`, score, box: clipBox(boxToFrame(box, place), frame) }))
      .filter(({ box }) => boxArea(box) > 0)
  }
}
