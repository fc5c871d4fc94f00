/** The faces of a photo, which is turned upright when that is how they can be recognised. */
import type { Face, Frame, Rotation } from '../../workers/types.ts'
import type { Run } from './run.ts'

/** A head that is tipped further, in degrees, may belong to a photo that lies on its side. */
const MAX_ROLL_DEGREES = 45
/**
 * How much better the best face must be in another orientation, so that a head on a shoulder does not turn the photo.
 */
const MARGIN = 0.1

export interface FoundFaces {
  /** Upright: what everything else has to look at. */
  frame: Frame
  /** Largest first; the first ones with an embedding. */
  faces: Face[]
  /** What made the photo upright, degrees clockwise. */
  turned: Rotation
}

export interface FaceSearch {
  /** Faces that get an embedding, the largest ones. */
  embedLimit: number
  /** Least quality of a face that can be recognised, 0..1. */
  quality: number
}

/** Photos whose faces stand upright and can be recognised cost nothing more than their faces. */
export async function findFaces (run: Run, frame: Frame, { embedLimit, quality }: FaceSearch): Promise<FoundFaces> {
  const faces = await run('faces', { frame, embedLimit })
  const known = faces.filter(face => isRecognisable(face, quality))
  if (known.some(face => Math.abs(face.quality.roll) <= MAX_ROLL_DEGREES)) return { frame, faces, turned: 0 }
  const better = known.map(face => (face.quality.score ?? face.score) + MARGIN)
  const found = await run('upright', { frame, embedLimit, quality: Math.max(quality, ...better) })
  return found ?? { frame, faces, turned: 0 }
}

/** Whether an embedding shows who it is. A face whose embedder was never calibrated counts. */
export function isRecognisable ({ embedding, quality: { score } }: Face, least: number): boolean {
  return embedding !== null && (score === null || score >= least)
}
