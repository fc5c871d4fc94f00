/** What every store promises; the contract suite in test/storage runs on each of them. */

/** Embeddings may be compared only under an equal contract. */
export interface EmbeddingContract {
  /** sha256 of the embedder's weight file. */
  model: string
  /** Version of the preprocessing in front of it. */
  preprocessing: string
  dimension: number
}

/** One accepted enrolment photo. The photo itself is not stored. */
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
  createdAt: string
}

/** What a deletion removed. */
export interface Erased {
  shots: number
  /** Verification records whose username was blanked. */
  verifications: number
}

/** The part of a user that an enrolment decides. */
export interface Enrolment {
  contract: EmbeddingContract
  shots: Shot[]
}

export interface Store {
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
  /** Erases the shots and the name; verification records stay without it. Null when there is no such user. */
  deleteUser (username: string): Promise<Erased | null>
  countUsers (): Promise<number>
  /** Keeps the name only while the user is enrolled. */
  recordVerification (record: VerificationRecord): Promise<void>
  /** Rejects when the store cannot be read. */
  check (): Promise<void>
  close (): Promise<void>
}
