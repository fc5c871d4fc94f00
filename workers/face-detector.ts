/** Finds faces: boxes, scores and, where the model gives them, the five points. */
import { boxArea, boxHeight, boxToFrame, boxWidth, pointToFrame, suppress } from './boxes.ts'
import type { FaceCandidate } from './formats/format.ts'
import { faceFormats } from './formats/index.ts'
import { createPicture, type Picture, pictureOf, type Size } from './pixels.ts'
import { drawOnCanvas, letterboxTopLeft, stretch } from './letterbox.ts'
import { inputLength, toPlanes } from './network-input.ts'
import type { Session } from './session.ts'
import type { FivePoints, Frame, ModelSet } from './types.ts'

export type FaceDetector = (frame: Frame) => Promise<FaceCandidate[]>

/**
 * Longer side of a face over the longer side of the frame. Measured on 48 portraits cut ever tighter, SCRFD-500M at
 * 640: one pass finds all at 0.65, 41 at 0.70 (some with points far off) and 16 at 0.75; both passes find all at every
 * size.
 */
const huge = 0.65

/**
 * Returns a function that finds all faces of a frame, best score first, in frame pixels and not clipped to the frame.
 */
export function createFaceDetector (model: ModelSet['faceDetector'], session: Session): FaceDetector {
  const full = createPass(model, session, 1)
  const small = createPass(model, session, 2)
  return async frame => {
    const faces = await full(frame)
    const limit = huge * Math.max(frame.width, frame.height)
    if (faces.some(({ box }) => Math.max(boxWidth(box), boxHeight(box)) < limit)) return faces
    return suppress([...faces, ...await small(frame)], model.iouThreshold)
  }
}

/**
 * One look at the frame, drawn `shrink` times smaller than the network's input allows: a face that fills the frame is
 * larger than anything the network was trained on, and is found once it is shown smaller. A model with a dynamic input
 * gets a smaller input, any other a black rim.
 */
export function createPass (model: ModelSet['faceDetector'], session: Session, shrink: number): FaceDetector {
  const area: Size = { width: shrunk(model.input.width, shrink), height: shrunk(model.input.height, shrink) }
  const dynamic = session.inputShape[2] === null && session.inputShape[3] === null
  const canvas = dynamic ? createPicture(area.width, area.height) : createPicture(model.input.width, model.input.height)
  const values = new Float32Array(inputLength(canvas, model.input.channels))
  const shape = [1, values.length / canvas.width / canvas.height, canvas.height, canvas.width]
  const format = faceFormats[model.format]
  const fit = model.resize === 'letterbox' ? letterboxTopLeft : stretch

  return async frame => {
    const picture: Picture = pictureOf(frame)
    const place = fit(picture, area)
    drawOnCanvas(picture, canvas, place, 0)
    toPlanes(canvas, model.input, values)
    const candidates = format.decode(await session.run(values, shape), canvas, model.scoreThreshold)
    return suppress(candidates.map(({ box, points, score }) => ({
      score,
      box: boxToFrame(box, place),
      points: points && points.map(point => pointToFrame(point, place)) as FivePoints
    })), model.iouThreshold).filter(({ box }) => boxArea(box) > 0)
  }
}

/** Networks with a dynamic input want multiples of their largest stride. */
function shrunk (length: number, shrink: number): number {
  return shrink === 1 ? length : Math.ceil(length / shrink / 32) * 32
}
