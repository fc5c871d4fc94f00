/** Finds things: labelled boxes. */
import { boxArea, boxToFrame, clipBox, suppress } from './boxes.ts'
import { objectFormats } from './formats/index.ts'
import { drawOnCanvas, inputLength, letterboxCentre, type Picture, pictureOf, type Size, toPlanes } from './pixels.ts'
import type { Session } from './session.ts'
import type { Detection, Frame, ModelSet } from './types.ts'

export type ObjectDetector = (frame: Frame) => Promise<Detection[]>

/** Grey level of the rim, as the networks saw it in training (Ultralytics). */
const padding = 114

/** A session and the size of its input, pixels: the largest one for a network with a dynamic input. */
export interface View extends Size { session: Session }

/**
 * Returns a function that finds all objects of a frame, best score first, boxes clipped to the frame. `views` are
 * sessions of the same weights for one or more input sizes; each frame goes through the one that suits its aspect.
 */
export function createObjectDetector (model: NonNullable<ModelSet['objectDetector']>, views: readonly View[], labels: string[]): ObjectDetector {
  const { channels } = model.input
  const format = objectFormats[model.format]
  const largest = Math.max(...views.map(({ width, height }) => width * height))
  const pixels = new Uint8Array(largest * 3)
  const values = new Float32Array(inputLength({ width: largest, height: 1 }, channels))

  return async frame => {
    const picture = pictureOf(frame)
    const view = viewFor(picture, views)
    const size = isDynamic(view.session) ? rectangleAround(picture, view) : view
    const canvas: Picture = { width: size.width, height: size.height, data: pixels.subarray(0, size.width * size.height * 3) }
    const place = format.place(picture, canvas)
    drawOnCanvas(picture, canvas, place, padding)
    toPlanes(canvas, model.input, values)
    const input = values.subarray(0, inputLength(canvas, channels))
    const shape = [1, input.length / canvas.width / canvas.height, canvas.height, canvas.width]
    const candidates = format.decode(await view.session.run(input, shape), canvas, model.scoreThreshold)
    const byClass = Map.groupBy(candidates, candidate => candidate.classIndex)
    return [...byClass.values()]
      .flatMap(sameClass => suppress(sameClass, model.iouThreshold))
      .sort((a, b) => b.score - a.score)
      .map(({ classIndex, score, box }) => ({ label: labels[classIndex] ?? `class ${classIndex}`, score, box: clipBox(boxToFrame(box, place), frame) }))
      .filter(({ box }) => boxArea(box) > 0)
  }
}

/** Of the views that show the picture largest, the one with the least rim. */
export function viewFor<T extends Size> (picture: Size, views: readonly T[]): T {
  const scale = ({ width, height }: Size): number => Math.min(width / picture.width, height / picture.height)
  const largest = Math.max(...views.map(scale))
  return views.filter(view => scale(view) >= largest * (1 - slack)).sort((a, b) => a.width * a.height - b.width * b.height)[0]!
}

function isDynamic ({ inputShape }: Session): boolean {
  return inputShape[2] === null && inputShape[3] === null
}

/** Networks with a dynamic input want multiples of their largest stride. */
const stride = 32

/** The smallest canvas that holds the scaled picture: a network with a dynamic input need not look at an empty rim. */
function rectangleAround (picture: Size, largest: Size): Size {
  const { width, height } = letterboxCentre(picture, largest)
  const whole = (length: number): number => Math.ceil(length / stride) * stride
  return { width: Math.min(largest.width, whole(width)), height: Math.min(largest.height, whole(height)) }
}

/** A photo of 1000 x 749 pixels is as good as 4:3. */
const slack = 0.01
