/** How a challenge stands, and the errors that say so. */
import { ServiceError } from '../errors/errors.ts'
import type { ChallengeChecks, ChallengeReason, ChallengeState } from '../schemas/challenges.ts'
import type { Store, StoredChallenge } from '../storage/store.ts'
import type { PoseName } from './steps.ts'

export function challengeState (
  { id, username, steps, expiresAt, status, reasons, checks }: StoredChallenge,
  now = Date.now()
): ChallengeState {
  const expired = status !== 'used' && status !== 'failed' && expiresAt <= iso(now)
  return {
    id,
    user: username,
    steps: steps.map(pose => ({ pose: pose as PoseName })),
    expires: expiresAt,
    status: expired ? 'expired' : status,
    ...(checks !== null && { reasons: reasons as ChallengeReason[], checks: JSON.parse(checks) as ChallengeChecks })
  }
}

/**
 * The passed challenge that a verification rests on.
 * @throws {ServiceError} `challenge_not_found`, `challenge_expired`, `challenge_used`, `challenge_not_passed`
 */
export async function passedChallenge (
  store: Store,
  id: string,
  username: string,
  now = Date.now()
): Promise<StoredChallenge> {
  const challenge = await store.findChallenge(id)
  if (challenge === null || challenge.username !== username) throw noChallenge(id, `of ${username}`)
  const { status } = challengeState(challenge, now)
  if (status === 'used') throw usedUp()
  if (status === 'expired') throw expired(challenge)
  if (status !== 'passed') {
    throw new ServiceError(
      'challenge_not_passed',
      `The challenge is ${status}, not passed. Send its frames to POST /api/challenges/${id}/frames first, or begin another one.`
    )
  }
  return challenge
}

export function noChallenge (id: string, whose: string): ServiceError {
  return new ServiceError(
    'challenge_not_found',
    `There is no challenge ${id} ${whose}. Begin one with POST /api/challenges.`
  )
}

export function usedUp (): ServiceError {
  return new ServiceError(
    'challenge_used',
    'The challenge was used already; each counts once. Begin another one with POST /api/challenges.'
  )
}

export function expired ({ expiresAt }: StoredChallenge): ServiceError {
  return new ServiceError(
    'challenge_expired',
    `The challenge expired at ${expiresAt}. Begin another one with POST /api/challenges.`
  )
}

export function iso (milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
