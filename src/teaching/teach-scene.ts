/**
 * From a list of photos to a scene file: looks at the photos, teaches, and says what was learned. No files but the
 * cache.
 */
import { type Scene, type SceneFile, encodeWeights } from '../tasks/scenes/scene-file.ts'
import type { InferencePool } from '../inference/pool.ts'
import { type HashedPhoto, hashPhotos, type ListedPhoto, listHash } from './list-photos.ts'
import { lookAtPhotos, type LookOptions } from './look-at-photos.ts'
import { type PhotoClass, teach, teachingProblem, type Taught, type TaughtPhoto, type TeachOptions } from './teach.ts'
import { TeachingError } from './teaching-error.ts'
import type { JudgedPhoto } from './contact-sheet.ts'

export interface SceneRequest {
  name: string
  photos: readonly ListedPhoto[]
  detector: SceneFile['detector']
  /** Where the photos come from and under which terms. */
  licence: string
  look: LookOptions
  teach: TeachOptions
  /** Teaches elsewhere, for example in a thread (default: here). */
  run?: (photos: readonly TaughtPhoto[], options: TeachOptions) => Taught | Promise<Taught>
}

export interface TaughtScene {
  scene: SceneFile
  /** Every photo with the score that it got from weights that were taught without its origin. */
  photos: (JudgedPhoto & { origin: string })[]
  refused: { file: string, reason: string }[]
}

/** @throws {TeachingError} when the photos cannot teach, with numbers */
export async function teachScene (
  pool: InferencePool,
  { name, photos: listed, detector, licence, look, teach: options, run = teach }: SceneRequest
): Promise<TaughtScene> {
  if (pool.features === null) {
    throw new TeachingError(
      'no_detector',
      'Expected an object detector to teach with, found none. Set YOLO_MODEL_PATH.'
    )
  }
  const { photos: hashed, refused } = await hashPhotos(listed)
  refuseTooFew(hashed)
  const seen = await lookAtPhotos(pool, hashed, look)
  const photos: (TaughtPhoto & HashedPhoto)[] = []
  hashed.forEach((photo, i) => {
    const answer = seen[i]!
    if ('refused' in answer) refused.push({ file: photo.file, reason: answer.refused })
    else photos.push({ ...photo, ...answer })
  })
  refuseTooFew(photos)
  refuseWithoutSubject(photos, look.subject)
  const { scores, figures, weights, ...taught } = await run(photos, options)
  const count = (kind: PhotoClass) => photos.filter(photo => photo.class === kind).length
  return {
    scene: {
      format: 'scene-1',
      name,
      taught: new Date().toISOString(),
      detector,
      contract: pool.features,
      parts: partsOf(pool.features, weights.length),
      threshold: round(taught.threshold),
      figures,
      photos: {
        yes: count('yes'),
        no: count('no'),
        near: count('near'),
        refused: refused.length,
        origins: new Set(photos.map(({ origin }) => origin)).size
      },
      list: listHash(photos),
      licence,
      calibration: taught.calibration,
      bias: taught.bias,
      weights: encodeWeights(weights)
    },
    photos: photos.map(({ file, class: kind, origin, read }, i) => (
      { file, class: kind, origin, score: scores[i]!, isFile: read === undefined }
    )),
    refused
  }
}

function refuseTooFew (photos: readonly ListedPhoto[]): void {
  const problem = teachingProblem(photos)
  if (problem !== null) throw new TeachingError('too_few_photos', problem)
}

function refuseWithoutSubject (photos: readonly TaughtPhoto[], subject: readonly string[]): void {
  const problem = teachingProblem(photos.filter(({ numbers }) => numbers !== null))
  if (problem !== null) { throw new TeachingError('too_few_photos', `Of the photos that show ${subject.join(' or ')}: ${problem}`) }
}

/**
 * A detector without inner maps gives one number a label; with them means, maxima and means of the region, equally
 * many.
 */
function partsOf (contract: string, length: number): Scene['parts'] {
  return contract.startsWith('labels-')
    ? { mean: 0, max: length, region: 0 }
    : { mean: length / 3, max: length / 3, region: length / 3 }
}

function round (value: number): number {
  return Math.round(value * 1e4) / 1e4
}
