/** The life of a challenge: begun for a user, judged once from frames, used once by a verification. */
import { createHash, randomUUID } from 'node:crypto'
import { type Actor, challengeEntry } from '../audit/entry.ts'
import { ServiceError } from '../errors/errors.ts'
import type { InferencePool } from '../inference/pool.ts'
import { eachPhoto } from '../inference/each-photo.ts'
import { withFrame } from '../inference/with-frame.ts'
import {
  type BegunChallenge,
  type JudgedChallenge,
  MAX_FRAMES,
  MIN_FRAMES,
  type PoseAnswer
} from '../schemas/challenges.ts'
import type { Photo } from '../schemas/upload.ts'
import type { Settlement } from '../storage/subjects/idempotency.ts'
import type { EmbeddingContract, Store, StoredChallenge } from '../storage/store.ts'
import { findName } from '../users/find-name.ts'
import { type AttemptLimit, countGuess, isRevealing, refuseGuessing } from '../verification/failure-limit.ts'
import { findTemplate } from '../verification/find-template.ts'
import { templateMatcher } from '../verification/match.ts'
import { rounded } from '../verification/rounded.ts'
import { type ChallengeFrame, type ChallengeThresholds, judgeChallenge } from './judge.ts'
import { poseAnswer } from './pose.ts'
import { challengeState, expired, iso, noChallenge, usedUp } from './state.ts'
import { type PoseName, randomSteps } from './steps.ts'

export interface ChallengeServices {
  inference: InferencePool
  store: Store
  contract: EmbeddingContract
  thresholds: ChallengeThresholds
  /** False when the models find no 68 landmarks. */
  available: boolean
  maxPixels: number
  attempts: AttemptLimit
  /** Minutes for which a passed challenge may be used. */
  minutes: number
  /** Challenges of one user within `minutes`; 0: no limit. */
  maxPerUser: number
}

/** Time to show the poses, milliseconds. */
const TIME_TO_ANSWER_MS = 120_000

export interface ChallengeRequest {
  actor: Actor
  /** False for programs on this machine that need no key. */
  limited: boolean
}

/**
 * Begins a challenge.
 * @throws {ServiceError} `challenges_unavailable`, `invalid_username`, `user_not_found`, `reenrol_required`,
 *   `rate_limited`
 */
export async function beginChallenge (services: ChallengeServices, request: ChallengeRequest & {
  username: string, settlement: (answer: BegunChallenge) => Settlement | undefined
}): Promise<BegunChallenge> {
  const { store, contract, attempts } = services
  refuseUnavailable(services)
  const username = await findName(store, request.username)
  await findTemplate({ store, contract }, username)
  if (request.limited) {
    await refuseGuessing(store, username, attempts)
    await refuseTooMany(services, username)
  }
  const now = Date.now()
  const { requestId, key } = request.actor
  const challenge = {
    id: randomUUID(),
    requestId,
    username,
    key,
    steps: randomSteps(),
    createdAt: iso(now),
    expiresAt: iso(now + TIME_TO_ANSWER_MS)
  }
  const answer: BegunChallenge = {
    id: challenge.id,
    user: username,
    steps: challenge.steps.map(pose => ({ pose })),
    expires: challenge.expiresAt
  }
  const audit = challengeEntry(request.actor, { username, photos: [], challenge: challenge.id, status: 'begun' })
  if (!await store.addChallenge(challenge, { audit, settle: request.settlement(answer) })) {
    throw new ServiceError('user_not_found', `There is no enrolled user ${username}. Enrol the user first.`)
  }
  return answer
}

/**
 * Judges the frames of a challenge, once. A photo that cannot be used leaves the challenge as it was.
 * @throws {ServiceError} `challenge_not_found`, `challenge_expired`, `challenge_used`, `too_few_frames`,
 *   `frame_sizes_differ`, `rate_limited`,
 *   `user_not_found`, `reenrol_required`, or for a file that is no picture what a verification throws
 */
export async function submitFrames (
  services: ChallengeServices,
  challenge: StoredChallenge,
  request: ChallengeRequest & {
    frames: readonly Photo[]
    settlement: (answer: JudgedChallenge) => Settlement | undefined
    signal?: AbortSignal
    client: string
  }
): Promise<JudgedChallenge> {
  const { store, attempts } = services
  const { id, username } = challenge
  const { frames } = request
  refuseUnavailable(services)
  if (frames.length < MIN_FRAMES) {
    throw new ServiceError(
      'too_few_frames',
      `The field frames takes ${MIN_FRAMES} to ${MAX_FRAMES} photos; found ${frames.length}. Send at least one for each step.`
    )
  }
  refuseEnded(challenge)
  const user = await findTemplate(services, username)
  if (request.limited) await refuseGuessing(store, username, attempts)
  if (!(await store.startChallenge(id, iso(Date.now())))) throw await whyNotStarted(store, id)
  try {
    const seen = await eachPhoto(frames, request.signal, (frame, i, signal) =>
      lookAtFrame(services, frame, i, request.client, signal)
    )
    refuseOtherSizes(seen)
    const { reasons, checks } = judgeChallenge(
      challenge.steps as PoseName[],
      seen,
      templateMatcher(user.shots),
      services.thresholds
    )
    if (request.limited) await countGuess(store, username, attempts, Number(isRevealing(reasons)))
    const now = Date.now()
    const status = reasons.length === 0 ? 'passed' : 'failed'
    const expiresAt = status === 'passed' ? iso(now + services.minutes * 60_000) : challenge.expiresAt
    const answer: JudgedChallenge = {
      id,
      user: username,
      status,
      reasons,
      checks: rounded(checks),
      expires: status === 'passed' ? expiresAt : null
    }
    await store.endChallenge(
      { id, status, reasons, checks: JSON.stringify(answer.checks), judgedAt: iso(now), expiresAt },
      {
        audit: challengeEntry(request.actor, {
          username,
          photos: seen.map(({ sha256 }) => sha256),
          challenge: id,
          status,
          reasons
        }),
        settle: request.settlement(answer)
      }
    )
    return answer
  } catch (error) {
    await store.stopChallenge(id)
    throw error
  }
}

/**
 * What the head on one photo shows, and what is missing to a step.
 * @throws {ServiceError} `challenges_unavailable`, `challenge_expired`, `challenge_used`, or for a file that is no
 *   picture what a verification throws
 */
export async function currentPose (services: ChallengeServices, challenge: StoredChallenge, request: {
  frame: Photo, step?: PoseName | undefined, neutral?: number | undefined, signal?: AbortSignal, client: string
}): Promise<PoseAnswer> {
  refuseEnded(challenge)
  const photo = {
    bytes: request.frame.bytes,
    maxPixels: services.maxPixels,
    field: 'frame',
    client: request.client,
    signal: request.signal
  }
  return withFrame(services.inference, photo, async ({ run, frame }) => {
    const faces = await run('landmarks', { frame })
    if (faces === null) throw unavailable()
    return rounded(poseAnswer(faces, frame, request))
  })
}

function unavailable (): ServiceError {
  return new ServiceError(
    'challenges_unavailable',
    'Challenges need a model that finds 68 face landmarks, and the active face detector finds five points only. Use the pack starter, or LIVENESS_MODE=passive.'
  )
}

function refuseUnavailable ({ available }: ChallengeServices): void {
  if (!available) throw unavailable()
}

function refuseEnded (challenge: StoredChallenge): void {
  const { status } = challengeState(challenge)
  if (status === 'expired') throw expired(challenge)
  if (status !== 'pending') throw usedUp()
}

/** Another request was faster, or the time ran out meanwhile. */
async function whyNotStarted (store: Store, id: string): Promise<ServiceError> {
  const challenge = await store.findChallenge(id)
  if (challenge === null) return noChallenge(id, 'any more')
  return challenge.status === 'pending' ? expired(challenge) : usedUp()
}

/** Counted in the store by all processes together, under a hash: the name stays out of the table. */
async function refuseTooMany ({ store, maxPerUser, minutes }: ChallengeServices, username: string): Promise<void> {
  if (maxPerUser === 0) return
  const now = Date.now()
  const id = createHash('sha256').update(`challenge\0${username}`).digest('base64url')
  const { count, until } = await store.countRequest({ id, now: iso(now), until: iso(now + minutes * 60_000) })
  if (count <= maxPerUser) return
  const seconds = Math.max(1, Math.ceil((Date.parse(until) - now) / 1000))
  throw new ServiceError(
    'rate_limited',
    `More than ${maxPerUser} challenges were begun for this user within ${minutes} minutes. Begin the next one in ${seconds} s.`,
    {
      headers: { 'retry-after': String(seconds) }
    }
  )
}

type SizedFrame = ChallengeFrame & { width: number, height: number }

async function lookAtFrame (
  { inference, maxPixels, thresholds }: ChallengeServices,
  { bytes, sha256 }: Photo,
  index: number,
  client: string,
  signal: AbortSignal
): Promise<SizedFrame> {
  return withFrame(
    inference,
    { bytes, maxPixels, field: `frames, photo ${index + 1}`, client, signal },
    async ({ run, frame }) => {
      const faces = await run('faces', { frame, embedLimit: 1, landmarks: true })
      const box = faces[0]?.box
      return {
        sha256,
        width: frame.width,
        height: frame.height,
        faces,
        liveness:
          box === undefined || thresholds.liveness === null ? null : (await run('liveness', { frame, box })).score,
        surroundings: box === undefined ? null : await run('surroundings', { frame, box })
      }
    }
  )
}

function refuseOtherSizes (frames: readonly SizedFrame[]): void {
  const [first] = frames
  const other = frames.findIndex(({ width, height }) => width !== first!.width || height !== first!.height)
  if (other === -1) return
  const size = ({ width, height }: SizedFrame) => `${width} x ${height}`
  throw new ServiceError(
    'frame_sizes_differ',
    `All frames must have one size, as one camera takes them; photo 1 has ${size(first!)} pixels, photo ${other + 1} has ${size(frames[other]!)}. Send the pictures of one camera unchanged.`
  )
}
