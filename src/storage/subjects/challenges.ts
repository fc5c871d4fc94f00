/** Challenges: what a person was asked to do, how it was judged, and which verification used it. */
import type { AuditEntry } from '../audit-chain.ts'
import type { Settlement } from './idempotency.ts'

export interface NewChallenge {
  id: string
  requestId: string
  username: string
  /** Poses in the order asked. */
  steps: string[]
  /** Name of the API key; null when none was needed. */
  key: string | null
  createdAt: string
  /** Last moment at which frames are accepted; of a passed challenge, at which a verification may use it. */
  expiresAt: string
}

export interface StoredChallenge extends NewChallenge {
  /** `judging`: one request holds its frames. `used`: an approved verification rests on it. */
  status: 'pending' | 'judging' | 'passed' | 'failed' | 'used'
  reasons: string[]
  /** JSON of the checks; null before they are made. */
  checks: string | null
  judgedAt: string | null
}

/** How frames were judged. */
export interface ChallengeEnd extends Pick<StoredChallenge, 'id' | 'reasons' | 'expiresAt'> {
  status: 'passed' | 'failed'
  checks: string
  judgedAt: string
}

/** A passed challenge of the user that the caller's record uses up. */
export interface ChallengeUse {
  id: string
  username: string
  now: string
}

export interface ChallengeStore {
  /** False when the user is not enrolled; then nothing is written. */
  addChallenge(
    challenge: NewChallenge,
    options: { audit: AuditEntry; settle?: Settlement | undefined }
  ): Promise<boolean>
  findChallenge(id: string): Promise<StoredChallenge | null>
  /**
   * Takes a pending challenge that has not expired for one request; false for every other one, also at the same moment.
   */
  startChallenge(id: string, now: string): Promise<boolean>
  /** Makes a challenge pending again whose frames could not be judged. */
  stopChallenge(id: string): Promise<void>
  /** Does nothing when the challenge was erased meanwhile. */
  endChallenge(end: ChallengeEnd, options: { audit: AuditEntry; settle?: Settlement | undefined }): Promise<void>
  /** Oldest first. */
  challengesOf(username: string): Promise<StoredChallenge[]>
  /** Removes challenges that expired before a moment; answers with their number. */
  removeChallenges(before: string): Promise<number>
}
