/** What every store promises; the contract suite in test/storage runs on each of them. */
import type { AnswerClaim, ClaimResult, PersonalAnswer, Settlement, StoredAnswer } from './answers.ts'
import type { JobQueue } from './job-queue.ts'
import type { JobEnd, PersonalJob } from './jobs.ts'
import type { AuditEntry, AuditHead, AuditRow } from './audit-chain.ts'

/** Embeddings may be compared only under an equal contract. */
export interface EmbeddingContract {
  /** sha256 of the embedder's weight file. */
  model: string
  /** Version of the preprocessing in front of it. */
  preprocessing: string
  dimension: number
}

/** One accepted enrolment photo. The photo itself is not in the store. */
export interface Shot {
  /** sha256 of the uploaded bytes, to drop exact duplicates. */
  sha256: string
  /** Unit vector of `contract.dimension` numbers. */
  embedding: Float32Array
  /** ISO 8601, UTC, with milliseconds, as `Date.toISOString` writes it; so are all times here. */
  createdAt: string
}

export interface User {
  username: string
  createdAt: string
  updatedAt: string
  contract: EmbeddingContract
  /** Reference to the person's consent, the last one given. */
  consent: string | null
  /** Oldest first, at least one. */
  shots: Shot[]
}

export interface UserSummary {
  username: string
  shots: number
  createdAt: string
  updatedAt: string
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
  /** Name of the API key; null or left out when none was needed. */
  key?: string | null
  createdAt: string
}

/** A record as it comes back: without what names a person once the user is erased. */
export type StoredVerification = Omit<VerificationRecord, 'username' | 'photo' | 'key'> & {
  username: string | null
  photo: string | null
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

/** A place in the list of verifications: the last one that was seen. */
export interface VerificationCursor {
  createdAt: string
  id: string
}

/** Where the bytes of a proof were met before. */
export interface SeenPhoto {
  /** As an enrolment photo of any user. */
  shot: boolean
  /** As a proof that was approved for another user. */
  otherUser: boolean
  /** Id of the first verification of the same user with these bytes. */
  earlier: string | null
}

/** A photo in the archive; the file has its name. */
export interface KeptPhoto {
  name: string
  username: string
  kind: 'enrol' | 'proof'
  sha256: string
  /** Id of the verification that it is the proof of. */
  verification: string | null
  createdAt: string
}

/** What a deletion removed. */
export interface Erased {
  shots: number
  /** Verification records whose personal fields were blanked. */
  verifications: number
  /** Audit rows whose personal fields were blanked. */
  audit: number
  /** Names of the kept photos, whose files are now nobody's. */
  photos: string[]
  /** Waiting and ended jobs. */
  jobs: number
  /** Answers kept for requests with an Idempotency-Key. */
  answers: number
}

/** The part of a user that an enrolment decides. */
export interface Enrolment {
  contract: EmbeddingContract
  shots: Shot[]
  /** Left out: what is stored stays. */
  consent?: string | null
  /** Appended in the same transaction. */
  audit?: AuditEntry
  /** Kept in the same transaction; the call rejects with `idempotency_in_progress` when the claim is lost. */
  settle?: Settlement | undefined
}

/** How often a user may fail: `max` rejections for one of `reasons` since a moment and since the last approved one. */
export interface FailureLimit {
  max: number
  reasons: readonly string[]
  since: string
}

export interface RequestCount {
  count: number
  /** End of the window. */
  until: string
}

export interface RecordOptions {
  audit?: AuditEntry
  /** Refuses bytes that were approved for another user, also by a request at the same moment. */
  exclusive?: boolean
  /** Refuses once the user has failed too often, also by requests at the same moment. */
  limit?: FailureLimit | undefined
  /** The job that ends in the same transaction; as by `endJob`; the call rejects with `JobLostError` when its lease is lost. */
  job?: JobEnd
  /** As for an enrolment. */
  settle?: Settlement | undefined
}

export interface Store extends JobQueue {
  readonly kind: string
  /** Every username is non-empty, well-formed Unicode without NUL, else the call rejects with `invalid_username`. */
  findUser (username: string): Promise<User | null>
  /**
   * Reads the user (null: not enrolled), lets `change` decide, and writes its answer, all in one transaction that no
   * other writer can interleave, in this process or another. `change` must be pure and synchronous; when it throws,
   * nothing is written and the error passes through. Resolves once the change is durable.
   */
  saveUser (username: string, change: (current: User | null) => Enrolment): Promise<User>
  /** Ordered by username (code points); `next` is the cursor of the following page, null at the end. */
  listUsers (page: { limit: number, after?: string | undefined }): Promise<{ users: UserSummary[], next: string | null }>
  /**
   * Erases template, shots, kept answers, jobs and the list of kept photos; verification records and audit rows stay without what names the
   * person. Appends the audit entry with the counts in `details.erased`. Null when there is no such user.
   */
  deleteUser (username: string, audit: AuditEntry): Promise<Erased | null>
  countUsers (): Promise<number>

  /**
   * Keeps the name and the photo's hash only while the user is enrolled. `replayed` by `exclusive` and `locked` by
   * `limit`: nothing is written.
   */
  recordVerification (record: VerificationRecord, options?: RecordOptions): Promise<'recorded' | 'replayed' | 'locked'>
  findVerification (id: string): Promise<StoredVerification | null>
  /** Newest first. */
  listVerifications (filter: VerificationFilter, page: { limit: number, after?: VerificationCursor | undefined }): Promise<{ verifications: StoredVerification[], next: VerificationCursor | null }>
  /** Rejected verifications of the user for one of `reasons`, since a moment and since the last approved one. */
  countFailures (username: string, reasons: readonly string[], since: string): Promise<{ count: number, first: string | null }>
  seenPhoto (sha256: string, username: string): Promise<SeenPhoto>

  /** False when the user is not enrolled; then nothing is written. */
  addPhoto (photo: KeptPhoto): Promise<boolean>
  /** Oldest first. */
  listPhotos (username: string): Promise<KeptPhoto[]>
  /** Those of `names` that are in the list. */
  knownPhotos (names: readonly string[]): Promise<Set<string>>
  /** Removes kept photos and verification records older than a moment, and nothing else; answers with the photos' names. */
  removeBefore (moment: string, audit: AuditEntry): Promise<{ photos: string[], verifications: number }>

  /** Claims a request for its owner, unless it was answered, is running, or was another one. Atomic among all processes. */
  claimAnswer (claim: AnswerClaim): Promise<ClaimResult>
  /** Keeps the answer of a claim, or with null gives the claim up; does nothing when `owner` no longer holds it. */
  settleAnswer (id: string, owner: string, answer: StoredAnswer | null): Promise<void>
  /** Removes answers that were claimed before a moment; answers with their number. */
  removeAnswers (before: string): Promise<number>
  /** Oldest first; so are the jobs. */
  answersOf (username: string): Promise<PersonalAnswer[]>
  jobsOf (username: string): Promise<PersonalJob[]>

  /**
   * Counts one request in the window of its caller, or begins a new window until `until` when the last one is over.
   * Atomic among all processes. Unlike everything else here, a power cut may undo it.
   */
  countRequest (request: { id: string, now: string, until: string }): Promise<RequestCount>
  /** Removes windows that ended before a moment. */
  removeRequestCounts (before: string): Promise<void>

  /** Appends one row to the chain, whatever other processes append at the same moment. */
  appendAudit (entry: AuditEntry): Promise<void>
  /** Rows by number, from `after` + 1 on. */
  readAudit (page: { after: number, limit: number }): Promise<AuditRow[]>
  auditOf (username: string): Promise<AuditRow[]>
  auditHead (): Promise<AuditHead>

  /** Seals every shot, kept answer and job anew that is not under the current key; answers with the number of shots. */
  resealTemplates (): Promise<number>

  /** Rejects when the store cannot be read; with `store_sealed` when a template is under a key that is not configured. */
  check (): Promise<void>
  close (): Promise<void>
}
