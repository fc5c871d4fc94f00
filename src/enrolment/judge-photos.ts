/** Photos of a signup, each by itself: the face that can be enrolled, or why there is none. */
import type { Face, PhotoHashes } from '../../workers/types.ts'
import { type ErrorCode, ServiceError } from '../errors/errors.ts'
import { eachPhoto } from '../inference/each-photo.ts'
import { findFaces } from '../inference/find-faces.ts'
import { PhotoError, photoErrorCode } from '../inference/photo-error.ts'
import type { InferencePool } from '../inference/pool.ts'
import { withFrame } from '../inference/with-frame.ts'
import type { PhotoRejectionCode, RejectedPhoto } from '../schemas/signup.ts'
import type { Photo } from '../schemas/upload.ts'
import type { Thresholds } from '../verification/thresholds.ts'
import { ENROLMENT_FACES, enrolmentFace, qualityProblem, type Rejection } from './quality.ts'

export interface JudgingServices {
  inference: InferencePool
  thresholds: Pick<Thresholds, 'quality'>
  /** Least liveness of an enrolment photo; null: not checked. */
  liveness: number | null
  maxPixels: number
}

export interface PhotosToJudge {
  photos: readonly Photo[]
  /** Whose turn in the queue it is; see `Turn`. */
  client: string
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal
}

export interface UsablePhoto {
  index: number
  filename: string
  face: Face
  hashes: PhotoHashes
  shot: { sha256: string, embedding: Float32Array, createdAt: string }
}

export interface JudgedPhotos {
  /** In the order in which they were sent, as the rejected ones. */
  usable: UsablePhoto[]
  rejected: RejectedPhoto[]
}

interface Judged {
  index: number
  filename: string
  result: { face: Face, embedding: Float32Array, sha256: string, hashes: PhotoHashes } | Rejection
}

export async function judgePhotos (services: JudgingServices, request: PhotosToJudge): Promise<JudgedPhotos> {
  const judged = await judgeAll(services, request)
  const createdAt = new Date().toISOString()
  return {
    rejected: judged.flatMap(({ index, filename, result }) => 'code' in result ? [{ index, filename, ...result }] : []),
    usable: judged.flatMap(({ index, filename, result }) => {
      if ('code' in result) return []
      const { face, hashes, sha256, embedding } = result
      return [{ index, filename, face, hashes, shot: { sha256, embedding, createdAt } }]
    })
  }
}

async function judgeAll (services: JudgingServices, { photos, client, signal }: PhotosToJudge): Promise<Judged[]> {
  const seen = new Set<string>()
  return eachPhoto(photos, signal, async (photo, index, signal) => {
    const { filename, sha256 } = photo
    const repeated = seen.has(sha256)
    seen.add(sha256)
    return {
      index,
      filename,
      result: repeated ? duplicate('was sent twice in this request') : await judge(services, photo, client, signal)
    }
  })
}

async function judge (
  { inference, maxPixels, thresholds: { quality }, liveness }: JudgingServices,
  { bytes, sha256 }: Photo,
  client: string,
  signal: AbortSignal
): Promise<Judged['result']> {
  return withFrame<Judged['result']>(inference, { bytes, maxPixels, client, signal }, async ({ run, frame }) => {
    const { frame: upright, faces } = await findFaces(run, frame, { embedLimit: ENROLMENT_FACES, quality })
    const found = enrolmentFace(faces, quality)
    if ('rejection' in found) return found.rejection
    const bad = qualityProblem(found.face, quality)
    if (bad !== null) return bad
    if (liveness !== null) {
      const { score } = await run('liveness', { frame: upright, box: found.face.box })
      if (score < liveness) {
        return {
          code: 'not_live',
          message: 'The face looks like a print, a screen or a mask. Take the photo directly with the camera.'
        }
      }
    }
    return { face: found.face, embedding: found.face.embedding!, sha256, hashes: await run('hashes', { frame }) }
  }).catch(error => {
    if (error instanceof PhotoError) return { code: error.problem.code, message: error.message }
    throw error
  })
}

export function duplicate (what: string): Rejection {
  return { code: 'duplicate', message: `The photo ${what}.` }
}

/** The error for a request without a usable photo: the photos' common problem when they share one, else 422. */
export function unusable (rejected: RejectedPhoto[]): ServiceError {
  const codes = new Set(rejected.map(({ code }) => code).filter(code => code !== 'duplicate'))
  const [only] = codes
  const shared = codes.size === 1 && isPhotoProblem(only!) ? photoErrorCode(only) : undefined
  const code: ErrorCode = shared ?? 'no_usable_face'
  const first = rejected[0]!
  const message =
    rejected.length === 1
      ? first.message
      : `None of the ${rejected.length} photos can be used; nothing was stored. The first: ${first.message}`
  return new ServiceError(code, message, { details: { rejected } })
}

function isPhotoProblem (code: PhotoRejectionCode): code is 'unsupported_type' | 'too_many_pixels' | 'unreadable' {
  return code === 'unsupported_type' || code === 'too_many_pixels' || code === 'unreadable'
}
