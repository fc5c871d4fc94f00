/** Photo to evidence, evidence through the checks, outcomes to a verdict, verdict to the record. */
import { randomUUID } from 'node:crypto'
import { type Actor, verifyEntry } from '../audit/entry.ts'
import { passedChallenge, usedUp } from '../challenge/state.ts'
import { ServiceError } from '../errors/errors.ts'
import type { InferencePool } from '../inference/pool.ts'
import { withFrame } from '../inference/with-frame.ts'
import { findEarlierPhotos, proofSketches } from '../originality/earlier-photos.ts'
import type { Photo } from '../schemas/upload.ts'
import type { VerifyAnswer } from '../schemas/verdict.ts'
import type { ReviewPolicy } from '../reviews/policy.ts'
import { reviewOfProof } from '../reviews/proposals.ts'
import type { Settlement } from '../storage/subjects/idempotency.ts'
import type { Lease } from '../storage/subjects/deferred.ts'
import { SketchRaceError } from '../storage/subjects/sketches.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { EmbeddingContract, Store, VerificationRecord } from '../storage/store.ts'
import type { Catalog } from '../tasks/catalog.ts'
import { findName } from '../users/find-name.ts'
import { type AttemptLimit, failureLimit, isRevealing, lockedMeanwhile, refuseGuessing } from './failure-limit.ts'
import { type LivenessMode, wantsChallenge, withChallenge } from './checks/challenge.ts'
import { sameSceneSince } from './checks/originality.ts'
import { failures, headlines, runChecks } from './checks/index.ts'
import { collectEvidence } from './evidence.ts'
import { keptEvidence } from './kept-evidence.ts'
import { findTemplate } from './find-template.ts'
import { templateMatcher } from './match.ts'
import { rounded } from './rounded.ts'
import type { Thresholds } from './thresholds.ts'

/** As many requests with one picture may come at the same moment as others wait for at most. */
const MOST_ATTEMPTS = 64

export interface VerificationServices {
  inference: InferencePool
  store: Store
  archive: PhotoArchive
  tasks: Catalog
  contract: EmbeddingContract
  thresholds: Thresholds
  livenessMode: LivenessMode
  /** Ids of the models in use, for the record. */
  modelIds: string[]
  maxFaces: number
  maxPixels: number
  attempts: AttemptLimit
  /**
   * Which photos of before are refused: the bytes of enrolment photos, also the bytes approved for another user, or
   * every photo of the same picture.
   */
  replayCheck: 'none' | 'shots' | 'bytes' | 'similar'
  /** True lets several users prove one task with one photo. */
  sharedProofs: boolean
  /** What is left to a person. */
  reviews: ReviewPolicy
}

export interface Proof {
  username: string
  task: string
  file: Photo
  actor: Actor
  /** Id of a challenge of the user that was passed. */
  challenge?: string | undefined
  /**
   * False for programs on this machine that need no key: they try the service out, so neither guesses nor replays are
   * refused.
   */
  limited: boolean
  /** The lease of the deferred verification that this is; it ends with the record, in one transaction. */
  deferred?: Lease
  /** Where the decision of a review is to be posted. */
  webhook?: string | null
  /** The answer as it is stored with the record, for a repetition of the request. */
  settlement?: (answer: VerifyAnswer) => Settlement | undefined
  /** Aborted when nobody waits for the verdict any more. */
  signal?: AbortSignal
  /** Whose turn in the queue it is; see `Turn`. */
  client: string
}

/**
 * Judges one proof and records the verdict.
 * @throws {ServiceError} `invalid_username`, `user_not_found`, `reenrol_required`, `rate_limited`, `replayed_photo`,
 *   `unknown_task`, `task_unavailable`,
 *   `challenge_not_found`, `challenge_expired`, `challenge_used`, `challenge_not_passed`, or, for a file that is no
 * picture, `unsupported_image_type`, `too_many_pixels`, `unreadable_image`
 */
export async function verify (services: VerificationServices, proof: Proof): Promise<VerifyAnswer> {
  const { evidence, ...looked } = await look(services, proof)
  for (let attempt = 1; ; attempt++) {
    try {
      return await decide(services, proof, { ...looked, evidence })
    } catch (error) {
      if (!(error instanceof SketchRaceError) || evidence.original === undefined) throw error
      // The same picture came in another request at the same moment: now it is there, and found. Of several such
      // requests one gets through each time.
      if (attempt === MOST_ATTEMPTS) throw crowded()
      const { original } = evidence
      original.earlier = await services.inference.onPhoto(
        run => findEarlierPhotos(services.store, run, original.look),
        { client: proof.client, signal: proof.signal }
      )
    }
  }
}

/** What is known of a proof before it is decided. */
type Looked = Awaited<ReturnType<typeof look>>

/** Finds out whom the proof claims and what its photo shows. */
async function look (services: VerificationServices, proof: Proof) {
  const { username, task, user } = await findClaim(services, proof)
  if (proof.limited) await refuseGuessing(services.store, username, services.attempts)
  const challenge =
    proof.challenge === undefined ? null : await passedChallenge(services.store, proof.challenge, username)

  const { bytes, sha256 } = proof.file
  const seen = await services.store.seenPhoto(sha256, username)
  const replayCheck = proof.limited ? services.replayCheck : 'none'
  if (seen.shot && replayCheck !== 'none') throw replayed(true)
  if (seen.otherUser && replayCheck === 'bytes') throw replayed(false)

  const photo = { bytes, maxPixels: services.maxPixels, field: 'file', client: proof.client, signal: proof.signal }
  const evidence = await withFrame(services.inference, photo, opened => collectEvidence(opened, {
    match: templateMatcher(user.shots),
    maxFaces: services.maxFaces,
    quality: services.thresholds.quality,
    liveness: services.thresholds.liveness !== null,
    findEarlier: replayCheck === 'similar' ? (run, look) => findEarlierPhotos(services.store, run, look) : undefined
  }))
  return { username, task, challenge, seen, replayCheck, evidence }
}

/** Evidence through the checks to a verdict, and the verdict to the record. */
async function decide (
  services: VerificationServices, proof: Proof, { username, task, challenge, seen, replayCheck, evidence }: Looked
): Promise<VerifyAnswer> {
  const { bytes, sha256 } = proof.file
  const timestamp = new Date().toISOString()
  const found = runChecks(evidence, task, services.thresholds, {
    username,
    task: task.name,
    at: timestamp,
    shared: services.sharedProofs
  })
  const checks = rounded({
    ...found,
    liveness: withChallenge(found.liveness, challenge?.id ?? null, services.livenessMode)
  })
  const reasons = failures(checks)
  const verdict = {
    id: proof.deferred?.id ?? randomUUID(),
    user: username,
    task: task.name,
    similarity: checks.face.score,
    liveness_score: checks.liveness.score,
    timestamp,
    reasons,
    checks,
    photo: { width: evidence.width, height: evidence.height, turned: evidence.turned },
    ...(wantsChallenge(checks.liveness, challenge?.id ?? null, services.livenessMode) && {
      next: 'challenge' as const
    }),
    ...(seen.earlier !== null && { repeat_of: seen.earlier })
  }
  const record: VerificationRecord = {
    id: verdict.id,
    requestId: proof.actor.requestId,
    username,
    task: task.name,
    status: reasons.length === 0 ? 'approved' : 'rejected',
    reasons,
    similarity: verdict.similarity,
    livenessScore: verdict.liveness_score,
    photo: sha256,
    models: services.modelIds,
    evidence: keptEvidence(verdict),
    key: proof.actor.key,
    createdAt: verdict.timestamp
  }
  const [first] = reasons
  const judged: VerifyAnswer = first === undefined
    ? { status: 'approved', ...verdict }
    : { status: 'rejected', reason: headlines[first], ...verdict }
  const sketches = evidence.original === undefined ? [] : proofSketches(record.id, evidence.original)
  const review = reviewOfProof(services.reviews, judged, proof.actor, {
    photo: { bytes, sha256 },
    sketches,
    webhook: proof.webhook ?? null
  })
  const answer: VerifyAnswer = { ...judged, ...review !== undefined && { review: { id: review.id, state: 'open' } } }
  const recorded = await services.store.recordVerification(record, {
    audit: verifyEntry(proof.actor, record),
    exclusive: replayCheck === 'bytes' && record.status === 'approved',
    sketches: record.status === 'approved' ? sketches : [],
    review,
    withdrawSince: record.status === 'approved' ? sameSceneSince(timestamp) : undefined,
    limit: proof.limited ? failureLimit(services.attempts, Number(isRevealing(reasons))) : undefined,
    // A rejected proof leaves the challenge for the next photo.
    challenge:
      challenge !== null && record.status === 'approved'
        ? { id: challenge.id, username, now: verdict.timestamp }
        : undefined,
    settle: proof.settlement?.(answer),
    ...(proof.deferred !== undefined && {
      deferred: { ...proof.deferred, status: 'done', outcome: JSON.stringify(answer) }
    })
  })
  if (recorded === 'replayed') throw replayed(false)
  if (recorded === 'challenge_used') throw usedUp()
  if (recorded === 'locked') throw await lockedMeanwhile(services.store, username, services.attempts)
  await services.archive.keep('proof', [{ username, sha256, bytes, verification: record.id }])
  return answer
}

/**
 * Whom and what a proof claims, before its photo is looked at.
 * @throws {ServiceError} `invalid_username`, `unknown_task`, `task_unavailable`, `user_not_found`, `reenrol_required`
 */
export async function findClaim (
  { tasks, store, contract }: VerificationServices,
  proof: Pick<Proof, 'username' | 'task'>
) {
  const username = await findName(store, proof.username)
  const task = tasks.find(proof.task)
  return { username, task, user: await findTemplate({ store, contract }, username) }
}

function replayed (shot: boolean): ServiceError {
  return new ServiceError('replayed_photo', shot
    ? 'The photo is one that somebody was enrolled with; a proof must be a photo of its own.'
    : 'The photo has already proved a task for another user; take a new one.')
}

function crowded (): ServiceError {
  return new ServiceError(
    'overloaded',
    'The same photo came in many requests at the same moment. Send it once, in 5 s.',
    { headers: { 'retry-after': '5' } }
  )
}
