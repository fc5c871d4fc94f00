/** Finds things: labelled boxes, and what the picture shows as a whole. */
import { boxArea, boxToFrame, clipBox, suppress } from './boxes.ts'
import { featureContract, labelFeatures, poolMaps, splitOutputs } from './features.ts'
import { objectFormats } from './formats/index.ts'
import { drawOnCanvas, letterboxCentre } from './letterbox.ts'
import { inputLength, toPlanes } from './network-input.ts'
import { type Picture, pictureOf, type Size } from './pixels.ts'
import { release, type Session } from './session.ts'
import type { Frame, SeenObjects, SizedObjectDetector } from './types.ts'

export type ObjectDetector = (frame: Frame) => Promise<SeenObjects>

/** Grey level of the rim, as the networks saw it in training (Ultralytics). */
const padding = 114

/**
 * Returns a function that finds all objects of a frame, best score first, boxes clipped to the frame, with the features
 * of the whole.
 */
export function createObjectDetector (model: SizedObjectDetector, session: Session, labels: string[]): ObjectDetector {
  const { input, features: maps } = model
  const format = objectFormats[model.format]
  const pixels = new Uint8Array(input.width * input.height * 3)
  const values = new Float32Array(inputLength(input, input.channels))
  const contract = featureContract(model)

  return async frame => {
    const picture = pictureOf(frame)
    const { width, height } = takesAnySize(session) ? canvasFor(picture, input) : input
    const canvas: Picture = { width, height, data: pixels.subarray(0, width * height * 3) }
    const place = format.place(picture, canvas)
    drawOnCanvas(picture, canvas, place, padding)
    toPlanes(canvas, input, values)
    const data = values.subarray(0, inputLength(canvas, input.channels))
    const outputs = await session.run(data, [1, data.length / width / height, height, width])
    const { own, cells, max } = splitOutputs(outputs, maps ?? [])
    const candidates = format.decode(own, canvas, model.scoreThreshold)
    const byClass = Map.groupBy(candidates, candidate => candidate.classIndex)
    const detections = [...byClass.values()]
      .flatMap(sameClass => suppress(sameClass, model.iouThreshold))
      .sort((a, b) => b.score - a.score)
      .map(({ classIndex, score, box }) => ({
        label: labels[classIndex] ?? `class ${classIndex}`,
        score,
        box: clipBox(boxToFrame(box, place), frame)
      }))
      .filter(({ box }) => boxArea(box) > 0)
    const pooled = maps === undefined
      ? labelFeatures(detections, labels)
      : poolMaps(cells, max, canvas, place, detections)
    release(outputs)
    return { detections, features: { contract, ...pooled } }
  }
}

/** Whether the network leaves width and height open. */
export function takesAnySize ({ inputShape }: Session): boolean {
  return inputShape[2] === null && inputShape[3] === null
}

/** Networks that take any size want multiples of their largest stride. */
const stride = 32

/**
 * The smallest canvas that holds the picture scaled to fit `largest`: the network need not look at an empty rim
 * (Ultralytics calls this rectangular inference).
 */
export function canvasFor (picture: Size, largest: Size): Size {
  const { width, height } = letterboxCentre(picture, largest)
  const whole = (length: number): number => Math.ceil(length / stride) * stride
  return { width: Math.min(largest.width, whole(width)), height: Math.min(largest.height, whole(height)) }
}
