/** The records of verifications. */
import type { AuditEntry } from '../audit-chain.ts'
import type { ChallengeUse } from './challenges.ts'
import type { DeferredEnd } from './deferred.ts'
import type { FailureLimit } from './failures.ts'
import type { Settlement } from './idempotency.ts'
import type { Cursor } from './page.ts'
import type { NewReview } from './reviews.ts'
import type { NewSketch } from './sketches.ts'

type Box = [x1: number, y1: number, x2: number, y2: number]

/** What a verdict rests on, as numbers: where the judged face and what counted were on the photo. No pixels of it. */
export interface KeptEvidence {
  /** The upright photo, pixels, and by how many degrees clockwise it was turned beyond what its file says. */
  photo: { width: number, height: number, turned: number }
  /** Null: no face was judged. */
  face: { box: Box, outcome: string, similarity: number | null } | null
  /** Those that counted for the task. */
  detections: { label: string, score: number, box: Box }[]
  /** Of a task that was taught by example photos. */
  scene?: { name: string, score: number, threshold: number }
}

export interface VerificationRecord {
  id: string
  requestId: string
  username: string
  task: string
  status: 'approved' | 'rejected'
  reasons: string[]
  similarity: number | null
  livenessScore: number | null
  /** sha256 of the proof's bytes. */
  photo: string
  /** Ids of the models that took part. */
  models: string[]
  /** Left out: nothing was seen that could be kept. */
  evidence?: KeptEvidence | null
  /** Name of the API key; null or left out when none was needed. */
  key?: string | null
  createdAt: string
}

/** A record as it is read: without what names a person once the user is erased. */
export type StoredVerification = Omit<VerificationRecord, 'username' | 'photo' | 'key' | 'evidence'> & {
  username: string | null
  photo: string | null
  evidence: KeptEvidence | null
  key: string | null
}

export interface VerificationFilter {
  username?: string | undefined
  task?: string | undefined
  status?: VerificationRecord['status'] | undefined
  /** First moment, included. */
  from?: string | undefined
  /** Last moment, not included. */
  to?: string | undefined
}

/** A position in the list of verifications: the last one that was seen. */
export type VerificationCursor = Cursor

export interface VerificationPage {
  verifications: StoredVerification[]
  /** Where the following page starts; null at the end. */
  next: VerificationCursor | null
}

/** Where the bytes of a proof were seen before. */
export interface SeenPhoto {
  /** As an enrolment photo of any user. */
  shot: boolean
  /** As a proof that was approved for another user. */
  otherUser: boolean
  /** Id of the first verification of the same user with these bytes. */
  earlier: string | null
}

export interface RecordOptions {
  audit?: AuditEntry
  /** Refuses bytes that were approved for another user, also by a request at the same moment. */
  exclusive?: boolean
  /** Adds `failed` failures, and refuses once the user has failed too often, also by requests at the same moment. */
  limit?: FailureLimit & { failed: number } | undefined
  /**
   * The deferred verification that ends in the same transaction, as by `endDeferred`; the call rejects with
   * `LeaseLostError` when its lease is lost.
   */
  deferred?: DeferredEnd
  /** Refuses when the challenge is not there to be used, also when another request uses it at the same moment. */
  challenge?: ChallengeUse | undefined
  /** As for an enrolment. */
  settle?: Settlement | undefined
  /** Stored in the same transaction; the call rejects with `SketchRaceError` when something similar came in between. */
  sketches?: readonly NewSketch[] | undefined
  /** Stored in the same transaction. */
  review?: NewReview | undefined
  /**
   * Closes, as expired, the open reviews of uncertain liveness that the user's proofs of the record's task left since a
   * moment: the record proves what they were to prove.
   */
  withdrawSince?: string | undefined
}

export interface VerificationStore {
  /**
   * Keeps the name, the photo's hash and the evidence only while the user is enrolled. `replayed` by `exclusive`,
   * `locked` by `limit` and `challenge_used` by `challenge`: nothing is written.
   */
  recordVerification(
    record: VerificationRecord,
    options?: RecordOptions
  ): Promise<'recorded' | 'replayed' | 'locked' | 'challenge_used'>
  findVerification(id: string): Promise<StoredVerification | null>
  /** Newest first. */
  listVerifications(
    filter: VerificationFilter,
    page: { limit: number; after?: VerificationCursor | undefined }
  ): Promise<VerificationPage>
  seenPhoto(sha256: string, username: string): Promise<SeenPhoto>
}

/** Cuts rows read with `limit + 1` to a page. */
export function toVerificationPage (rows: StoredVerification[], limit: number): VerificationPage {
  const verifications = rows.slice(0, limit)
  const last = verifications.at(-1)
  return {
    verifications,
    next: rows.length > limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null
  }
}
