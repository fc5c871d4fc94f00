/** Turns aligned face crops into embeddings. */
import { createPicture, pictureOf, type Picture } from './pixels.ts'
import { inputLength, toPlanes } from './network-input.ts'
import { type Matrix, similarity, warp } from './warp.ts'
import type { Session } from './session.ts'
import type { FivePoints, Frame, ModelSet } from './types.ts'

export interface Embedded {
  /** Unit vector. */
  embedding: Float32Array
  /**
   * Of the network's output before it was made a unit vector: the clearer the face, the longer (MagFace, Meng et al.
   * 2021).
   */
  length: number
}

export type FaceEmbedder = (crops: Picture[]) => Promise<Embedded[]>

/** Where the five points lie in a 112 x 112 crop: the template of ArcFace (InsightFace `face_align`). */
const template: FivePoints = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041]
]
const side = 112

/** Faces in one run; more would only cost memory. */
const batchLimit = 8

export function alignmentOf (points: FivePoints): Matrix {
  return similarity(points, template)
}

/** The 112 x 112 crop that embedders are trained on: eyes, nose and mouth at fixed places, black outside the frame. */
export function alignFace (frame: Frame, points: FivePoints): Picture {
  const crop = createPicture(side, side)
  warp(pictureOf(frame), alignmentOf(points), crop)
  return crop
}

/**
 * Returns a function that embeds aligned crops, in the order of the crops. `batched` runs several faces at
 * once: only for models with an open first axis whose result for one face does not depend on the others.
 */
export function createFaceEmbedder (model: ModelSet['faceEmbedder'], session: Session, batched: boolean): FaceEmbedder {
  const { width, height, channels } = model.input
  const length = inputLength({ width, height }, channels)
  const perRun = batched ? batchLimit : 1
  const values = new Float32Array(perRun * length)

  return async crops => {
    const embeddings: Embedded[] = []
    for (let start = 0; start < crops.length; start += perRun) {
      const batch = crops.slice(start, start + perRun)
      batch.forEach((crop, i) => toPlanes(crop, model.input, values.subarray(i * length, (i + 1) * length)))
      const [output] = await session.run(
        values.subarray(0, batch.length * length),
        [batch.length, length / width / height, height, width]
      )
      batch.forEach((_, i) => embeddings.push(unitVector(output!.data.subarray(
        i * model.dimension,
        (i + 1) * model.dimension
      ))))
    }
    return embeddings
  }
}

function unitVector (vector: Float32Array): Embedded {
  const length = Math.hypot(...vector)
  return { embedding: vector.map(value => value / length), length }
}
