/** What the models saw on one proof: which jobs run, and what runs beside what. */
import type {
  Detection,
  Face,
  Frame,
  ImageFeatures,
  Liveness,
  PhotoFacts,
  Rotation,
  SeenObjects
} from '../../workers/types.ts'
import { findFaces, isRecognisable } from '../inference/find-faces.ts'
import type { Run } from '../inference/run.ts'
import type { OpenedPhoto } from '../inference/with-frame.ts'
import type { EarlierPhotos, PhotoLook } from '../originality/earlier-photos.ts'
import { viewSketch } from '../originality/view-sketch.ts'

/** Below this box side, in pixels, an embedding says more about the enlargement than about the person. */
export const MIN_FACE_PX = 24

export interface Evidence {
  /** Of the upright photo, pixels. */
  width: number
  height: number
  /** What made the photo upright, beyond what its file says; degrees clockwise. */
  turned: Rotation
  /** What the file says about the photo. */
  facts: PhotoFacts
  /** Largest first; the largest ones with an embedding. */
  faces: Face[]
  /**
   * Similarity to the template for each face, -1..1; null for a face that cannot be recognised: too small, unclear, or
   * without embedding.
   */
  similarities: (number | null)[]
  /**
   * Index of the face that the verdict is about: the best match, or the largest when none can be recognised. Null
   * without a face.
   */
  subject: number | null
  /** Null without a subject or with liveness switched off. */
  liveness: Liveness | null
  detections: Detection[]
  /** What the object detector saw beyond its labels; null without one. */
  features: ImageFeatures | null
  /**
   * What the photo looks like, in bits, and the photos of before that show the same picture; left out when none was
   * looked for.
   */
  original?: { look: PhotoLook; earlier: EarlierPhotos }
}

export interface Questions {
  /** Similarity of an embedding to the claimed user's template. */
  match: (embedding: Float32Array) => number
  maxFaces: number
  /** Least quality of a face that is compared, 0..1. */
  quality: number
  liveness: boolean
  /** Finds earlier photos of the same picture; left out: none are looked for. */
  findEarlier?: ((run: Run, look: PhotoLook) => Promise<EarlierPhotos>) | undefined
}

/**
 * Runs the face chain and the object detector beside each other on the same pixels: again, on a photo that had to be
 * turned.
 */
export async function collectEvidence ({ run, frame, facts }: OpenedPhoto, questions: Questions): Promise<Evidence> {
  const objectsSeen = run('objects', { frame })
  const [{ upright, ...face }, seen, originality] = await Promise.all([
    faceChain(run, frame, questions), objectsSeen, lookBack(run, frame, objectsSeen, questions)
  ])
  const objects = face.turned === 0 ? seen : await run('objects', { frame: upright })
  return { width: upright.width, height: upright.height, facts, ...face, ...objects, ...originality }
}

async function faceChain (run: Run, frame: Frame, { match, maxFaces, quality, liveness }: Questions) {
  const { frame: upright, faces, turned } = await findFaces(run, frame, { embedLimit: maxFaces, quality })
  // A face that cannot be recognised is not compared at all: neither its similarity nor its choice may reveal
  // anything about the template.
  const compared = (face: Face) => face.quality.size >= MIN_FACE_PX && isRecognisable(face, quality)
  const similarities = faces.map(face => (compared(face) ? match(face.embedding!) : null))
  const subject = bestMatch(similarities) ?? (faces.length > 0 ? 0 : null)
  const subjectFace = subject === null ? undefined : faces[subject]
  return {
    faces,
    similarities,
    subject,
    turned,
    upright,
    liveness:
      liveness && subjectFace !== undefined ? await run('liveness', { frame: upright, box: subjectFace.box }) : null
  }
}

async function lookBack (run: Run, frame: Frame, objectsSeen: Promise<SeenObjects>, { findEarlier }: Questions) {
  if (findEarlier === undefined) return {}
  const [hashes, { features }] = await Promise.all([run('hashes', { frame }), objectsSeen])
  const look = { hashes, view: viewSketch(features) }
  return { original: { look, earlier: await findEarlier(run, look) } }
}

function bestMatch (similarities: readonly (number | null)[]): number | null {
  let best: number | null = null
  similarities.forEach((similarity, index) => {
    if (similarity !== null && (best === null || similarity > similarities[best]!)) best = index
  })
  return best
}
