/** Photos to accepted shots to the template. */
import type { Face, PhotoHashes } from '../../workers/types.ts'
import { type Actor, signupEntry } from '../audit/entry.ts'
import { type ErrorCode, ServiceError } from '../errors/errors.ts'
import { findFaces } from '../inference/find-faces.ts'
import { PhotoError, photoErrorCode } from '../inference/photo-error.ts'
import type { InferencePool } from '../inference/pool.ts'
import { eachPhoto } from '../inference/each-photo.ts'
import { withFrame } from '../inference/with-frame.ts'
import type { ReviewPolicy } from '../reviews/policy.ts'
import { reviewOfSignup } from '../reviews/proposals.ts'
import type { PhotoRejectionCode, RejectedPhoto, SignupAnswer } from '../schemas/signup.ts'
import { shotSketches } from '../originality/earlier-photos.ts'
import type { Photo } from '../schemas/upload.ts'
import type { Settlement } from '../storage/subjects/idempotency.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import { GuessingLockedError } from '../storage/subjects/failures.ts'
import type { EmbeddingContract, Store } from '../storage/store.ts'
import { findName } from '../users/find-name.ts'
import { nameKeys, refuseInvisible } from '../users/username.ts'
import {
  type AttemptLimit,
  countGuess,
  failureLimit,
  lockedMeanwhile,
  refuseGuessing
} from '../verification/failure-limit.ts'
import { rounded } from '../verification/rounded.ts'
import type { Thresholds } from '../verification/thresholds.ts'
import { type DuplicateCheck, type DuplicateRule, withoutDuplicates } from './duplicates.ts'
import { ENROLMENT_FACES, enrolmentFace, qualityProblem, type Rejection } from './quality.ts'
import { changeTemplate, notSamePerson } from './template.ts'

export interface EnrolmentServices {
  inference: InferencePool
  store: Store
  archive: PhotoArchive
  contract: EmbeddingContract
  thresholds: Pick<Thresholds, 'similarity' | 'agreement' | 'quality'>
  /** Least liveness of an enrolment photo; null: not checked. */
  liveness: number | null
  maxPixels: number
  duplicates: DuplicateRule
  attempts: AttemptLimit
  /** What is left to a person. */
  reviews: ReviewPolicy
  /** Ids of the models in use, for the audit. */
  modelIds: string[]
}

export interface EnrolmentRequest {
  username: string
  photos: readonly Photo[]
  /**
   * `replace` makes the photos the whole template, without a look at what is stored; the caller has checked that
   * this is allowed.
   */
  mode: 'add' | 'replace'
  /** Reference to the person's consent; null: none was given. */
  consent: string | null
  /** A user who may have the same face; null: nobody may. */
  twin: string | null
  /** True names the users with the same face in the answer, false only counts them. */
  namesDuplicates: boolean
  /** Lets the odd photos of a first enrolment or a replacement go, instead of refusing all. */
  partial: boolean
  actor: Actor
  /** See `Proof.limited`. */
  limited: boolean
  /** The answer as it is stored with the enrolment, for a repetition of the request. */
  settlement?: (answer: SignupAnswer) => Settlement | undefined
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal
  /** Whose turn in the queue it is; see `Turn`. */
  client: string
}

interface Judged {
  index: number
  filename: string
  result: { face: Face, embedding: Float32Array, sha256: string, hashes: PhotoHashes } | Rejection
}

/**
 * Enrols a user, or adds shots to one, from 1 to 5 photos.
 * @throws {ServiceError} `invalid_username`; `no_usable_face` (or the photos' common problem) when no photo can be
 *   used; `identity_conflict`, which counts as a failed verification for each photo that does not match the template,
 * and
 *   `rate_limited` after too many of them; `reenrol_required`. Nothing is stored then.
 */
export async function enrol (services: EnrolmentServices, request: EnrolmentRequest): Promise<SignupAnswer> {
  const username = await findName(services.store, request.username)
  const guess = request.limited && request.mode === 'add'
  if (guess) await refuseGuessing(services.store, username, services.attempts)
  const judged = await judgeAll(services, request)
  const rejected = judged.flatMap(({ index, filename, result }): RejectedPhoto[] =>
    'code' in result ? [{ index, filename, ...result }] : []
  )
  const createdAt = new Date().toISOString()
  const usable = judged.flatMap(({ index, filename, result }) =>
    'code' in result
      ? []
      : [
          {
            face: result.face,
            hashes: result.hashes,
            index,
            filename,
            shot: { sha256: result.sha256, embedding: result.embedding, createdAt }
          }
        ]
  )
  if (usable.length === 0) throw unusable(rejected)

  const { mode, consent, actor, partial } = request
  const answerTo = (
    { enrolment: { shots }, duplicates, odd }: ReturnType<typeof changeTemplate>,
    { users }: DuplicateCheck
  ): SignupAnswer => {
    const dropped = new Set([...duplicates, ...odd].map(({ index }) => index))
    return {
      status: true,
      message: `User enrolled. shots=${shots.length}`,
      user: username,
      shots: shots.length,
      accepted: usable
        .filter(({ index }) => !dropped.has(index))
        .map(({ index, filename, face }) => ({ index, filename, face: rounded(face.box) })),
      rejected: [
        ...rejected,
        ...odd.map(notSamePerson),
        ...duplicates.map(({ index, filename }) => ({
          index,
          filename,
          ...duplicate('is already stored for this user')
        }))
      ].sort((a, b) => a.index - b.index),
      ...(users !== null && { possible_duplicates: users.length }),
      ...(users !== null && request.namesDuplicates && { duplicates: users })
    }
  }

  let answer: SignupAnswer | undefined
  let compared = false
  const embeddings = usable.map(({ shot }) => shot.embedding)
  await withoutDuplicates(services.duplicates, { username, twin: request.twin, embeddings }, check =>
    services.store.saveUser(username, current => {
      compared = guess && current !== null
      if (current === null) refuseInvisible(username)
      const change = changeTemplate(mode === 'replace' ? null : current, usable, services.contract, {
        ...services.thresholds,
        partial
      })
      const fitting = usable.filter(({ index }) => change.odd.every(photo => photo.index !== index))
      answer = answerTo(change, check)
      return {
        ...change.enrolment,
        names: nameKeys(username),
        ...(consent !== null && { consent }),
        sketches: [
          ...check.sketches(change.enrolment.shots),
          ...fitting.flatMap(({ shot, hashes }) => shotSketches(shot.sha256, hashes))
        ],
        limit: compared ? failureLimit(services.attempts, change.odd.length) : undefined,
        settle: request.settlement?.(answer),
        review: reviewOfSignup(services.reviews, actor, {
          username,
          duplicates: check.users?.length ?? 0,
          photo: photoOf(request, fitting[0])
        }),
        audit: signupEntry(actor, {
          username,
          photos: fitting.map(({ shot }) => shot.sha256),
          consent,
          mode,
          shots: change.enrolment.shots.length,
          rejected: [...rejected, ...change.odd.map(notSamePerson)].map(({ code }) => code),
          ...(check.users !== null && { duplicates: check.users.length }),
          models: services.modelIds
        })
      }
    })
  ).catch(async error => {
    throw compared ? await counted(services, username, error) : error
  })
  const accepted = new Set(answer!.accepted.map(({ index }) => index))
  await services.archive.keep('enrol', usable.filter(({ index }) => accepted.has(index)).map(({ index, shot }) => (
    { username, sha256: shot.sha256, bytes: request.photos[index]!.bytes, verification: null })))
  return answer!
}

/**
 * Photos that do not match a template count like failed verifications of its user; the answer is sent once they are
 * stored.
 */
async function counted ({ store, attempts }: EnrolmentServices, username: string, error: unknown): Promise<unknown> {
  if (error instanceof GuessingLockedError) return lockedMeanwhile(store, username, attempts)
  if (!(error instanceof ServiceError) || error.code !== 'identity_conflict') return error
  await countGuess(store, username, attempts, (error.details.rejected as RejectedPhoto[]).length)
  return error
}

async function judgeAll (services: EnrolmentServices, { photos, client, signal }: EnrolmentRequest): Promise<Judged[]> {
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
  { inference, maxPixels, thresholds: { quality }, liveness }: EnrolmentServices,
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

/** The first of the photos that were accepted. */
function photoOf ({ photos }: EnrolmentRequest, accepted: { index: number } | undefined): Photo | null {
  return accepted === undefined ? null : photos[accepted.index]!
}

function duplicate (what: string): Rejection {
  return { code: 'duplicate', message: `The photo ${what}.` }
}

/** The error for a request without a usable photo: the photos' common problem when they share one, else 422. */
function unusable (rejected: RejectedPhoto[]): ServiceError {
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
