/** Photos to accepted shots to the template. */
import { type Actor, signupEntry } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import type { ReviewPolicy } from '../reviews/policy.ts'
import { reviewOfSignup } from '../reviews/proposals.ts'
import type { RejectedPhoto, SignupAnswer } from '../schemas/signup.ts'
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
import {
  duplicate,
  type JudgedPhotos,
  judgePhotos,
  type JudgingServices,
  type PhotosToJudge,
  unusable
} from './judge-photos.ts'
import { changeTemplate, notSamePerson } from './template.ts'

export interface EnrolmentServices extends JudgingServices {
  store: Store
  archive: PhotoArchive
  contract: EmbeddingContract
  thresholds: Pick<Thresholds, 'similarity' | 'agreement' | 'quality'>
  duplicates: DuplicateRule
  attempts: AttemptLimit
  /** What is left to a person. */
  reviews: ReviewPolicy
  /** Ids of the models in use, for the audit. */
  modelIds: string[]
}

export interface EnrolmentRequest extends PhotosToJudge {
  username: string
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
}

/**
 * Enrols a user, or adds shots to one, from 1 to 5 photos.
 * @throws {ServiceError} `invalid_username`; `no_usable_face` (or the photos' common problem) when no photo can be
 *   used; `identity_conflict`, which counts as a failed verification for each photo that does not match the template,
 *   and `rate_limited` after too many of them; `reenrol_required`. Nothing is stored then.
 */
export async function enrol (services: EnrolmentServices, request: EnrolmentRequest): Promise<SignupAnswer> {
  const username = await findName(services.store, request.username)
  const guess = request.limited && request.mode === 'add'
  if (guess) await refuseGuessing(services.store, username, services.attempts)
  const { usable, rejected } = await judgePhotos(services, request)
  if (usable.length === 0) throw unusable(rejected)

  const { mode, consent, actor, partial } = request
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
      answer = answerTo({ username, usable, rejected, namesDuplicates: request.namesDuplicates }, change, check)
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

function answerTo (
  { username, usable, rejected, namesDuplicates }: JudgedPhotos & { username: string, namesDuplicates: boolean },
  { enrolment: { shots }, duplicates, odd }: ReturnType<typeof changeTemplate>,
  { users }: DuplicateCheck
): SignupAnswer {
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
    ...(users !== null && namesDuplicates && { duplicates: users })
  }
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

/** The first of the photos that were accepted. */
function photoOf ({ photos }: EnrolmentRequest, accepted: { index: number } | undefined): Photo | null {
  return accepted === undefined ? null : photos[accepted.index]!
}
