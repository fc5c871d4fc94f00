/** Finds things: labelled boxes. */
import { boxArea, boxToFrame, clipBox, suppress } from './boxes.ts'
import { objectFormats } from './formats/index.ts'
import { createPicture, drawOnCanvas, inputLength, letterboxCentre, pictureOf, toPlanes } from './pixels.ts'
import type { Session } from './session.ts'
import type { Detection, Frame, ModelSet } from './types.ts'

export type ObjectDetector = (frame: Frame) => Promise<Detection[]>

/** Grey level of the rim, as the networks saw it in training (Ultralytics). */
const padding = 114

/** Returns a function that finds all objects of a frame, best score first, boxes clipped to the frame. */
export function createObjectDetector (model: NonNullable<ModelSet['objectDetector']>, session: Session, labels: string[]): ObjectDetector {
  const canvas = createPicture(model.input.width, model.input.height)
  const values = new Float32Array(inputLength(canvas, model.input.channels))
  const shape = [1, values.length / canvas.width / canvas.height, canvas.height, canvas.width]
  const format = objectFormats[model.format]

  return async frame => {
    const picture = pictureOf(frame)
    const place = letterboxCentre(picture, canvas)
    drawOnCanvas(picture, canvas, place, padding)
    toPlanes(canvas, model.input, values)
    const candidates = format.decode(await session.run(values, shape), canvas, model.scoreThreshold)
    const byClass = Map.groupBy(candidates, candidate => candidate.classIndex)
    return [...byClass.values()]
      .flatMap(sameClass => suppress(sameClass, model.iouThreshold))
      .sort((a, b) => b.score - a.score)
      .map(({ classIndex, score, box }) => ({ label: labels[classIndex] ?? `class ${classIndex}`, score, box: clipBox(boxToFrame(box, place), frame) }))
      .filter(({ box }) => boxArea(box) > 0)
  }
}
