/** Enrolled users and their templates. */
import { ServiceError } from '../../errors/errors.ts'
import type { AuditEntry } from '../audit-chain.ts'
import type { Sealer } from '../sealer.ts'
import { StoreError } from '../store-error.ts'
import type { FailureLimit } from './failures.ts'
import type { Settlement } from './idempotency.ts'
import type { NewReview } from './reviews.ts'
import type { NewSketch } from './sketches.ts'

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
  /** ISO 8601, UTC, with milliseconds, as `Date.toISOString` writes it; so are all times in the store. */
  createdAt: string
  /** Of the first enrolment: no added shot replaces it. */
  anchor?: true
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

export interface UserPage {
  users: UserSummary[]
  /** The cursor of the following page; null at the end. */
  next: string | null
}

/** The part of a user that an enrolment decides. */
export interface Enrolment {
  contract: EmbeddingContract
  shots: Shot[]
  /** Left out: what is stored stays. */
  consent?: string | null
  /** Of the name, when it is new: the call rejects with `username_taken` when another user has an equal one. */
  names?: { lookup: string; skeleton: string }
  /** Appended in the same transaction. */
  audit?: AuditEntry
  /**
   * As for the record of a verification; the call rejects with `GuessingLockedError` when the user has failed too
   * often.
   */
  limit?: (FailureLimit & { failed: number }) | undefined
  /** Stored in the same transaction; the call rejects with `idempotency_in_progress` when the lock is lost. */
  settle?: Settlement | undefined
  /** Stored in the same transaction; the call rejects with `SketchRaceError` when something similar came in between. */
  sketches?: readonly NewSketch[] | undefined
  /** Stored in the same transaction, unless such a review of the user is open or was approved. */
  review?: NewReview | undefined
}

export interface UserStore {
  findUser (username: string): Promise<User | null>
  /**
   * Reads the user (null: not enrolled), lets `change` decide, and writes its answer, all in one transaction that no
   * other writer can interleave, in this process or another. `change` must be pure and synchronous: it is called again
   * when another writer was faster. When it throws, nothing is written and the error passes through. Resolves once the
   * change is durable.
   */
  saveUser (username: string, change: (current: User | null) => Enrolment): Promise<User>
  /** Ordered by username (code points). */
  listUsers (page: { limit: number, after?: string | undefined }): Promise<UserPage>
  countUsers (): Promise<number>
  /** Names of the users whose names have this `lookup`; two at most. */
  spellings (lookup: string): Promise<string[]>
  /** Names of users that have no keys yet. */
  namesWithoutKeys (limit: number): Promise<string[]>
  keyNames (names: readonly { username: string, lookup: string, skeleton: string }[]): Promise<void>
}

/** A user joined with one shot; the columns of both tables under the interface's names. */
export interface UserShotRow {
  username: string
  createdAt: string
  updatedAt: string
  model: string
  preprocessing: string
  dimension: number
  consent: string | null
  sha256: string
  embedding: Uint8Array
  keyId: string | null
  shotCreatedAt: string
  anchor: boolean | number
}

const BYTES_PER_FLOAT = 4

/** Little-endian float32, whatever the host's byte order, so that a database can move between machines. */
export function embeddingToBytes (embedding: Float32Array): Uint8Array {
  const bytes = new Uint8Array(embedding.length * BYTES_PER_FLOAT)
  const view = new DataView(bytes.buffer)
  embedding.forEach((value, i) => view.setFloat32(i * BYTES_PER_FLOAT, value, true))
  return bytes
}

/** @throws {StoreError} `store_corrupt` when the bytes are not `dimension` floats */
export function embeddingFromBytes (bytes: Uint8Array, dimension: number): Float32Array {
  if (bytes.byteLength !== dimension * BYTES_PER_FLOAT) {
    const expected = `${dimension * BYTES_PER_FLOAT} for dimension ${dimension}`
    throw new StoreError(
      'store_corrupt',
      `a stored embedding has ${bytes.byteLength} bytes, expected ${expected}: restore a backup, or delete and enrol the user again`
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: dimension }, (_, i) => view.getFloat32(i * BYTES_PER_FLOAT, true))
}

/** A shot's embedding as it is stored. A sealed one opens for this user and this photo only. */
export function sealEmbedding (
  sealer: Sealer,
  username: string,
  { sha256, embedding }: Shot
): { embedding: Uint8Array; keyId: string | null } {
  const { bytes, keyId } = sealer.seal(embeddingToBytes(embedding), templateContext(username, sha256))
  return { embedding: bytes, keyId }
}

/** No username contains NUL, so that the parts cannot run into each other. */
function templateContext (username: string, sha256: string): string {
  return `template\0${username}\0${sha256}`
}

/** Rows of one user, oldest shot first; null when there are none. */
export function toUser (rows: UserShotRow[], sealer: Sealer): User | null {
  const [first] = rows
  if (first === undefined) return null
  const { username, createdAt, updatedAt, model, preprocessing, dimension, consent } = first
  return {
    username,
    createdAt,
    updatedAt,
    contract: { model, preprocessing, dimension },
    consent,
    shots: rows.map(row => ({
      sha256: row.sha256,
      embedding: embeddingFromBytes(
        sealer.open({ keyId: row.keyId, bytes: row.embedding }, templateContext(username, row.sha256)),
        dimension
      ),
      createdAt: row.shotCreatedAt,
      ...(Boolean(row.anchor) && { anchor: true as const })
    }))
  }
}

/** The user that an enrolment makes of the current one. */
export function enrolled (
  username: string,
  current: User | null,
  { contract, shots, consent = current?.consent ?? null }: Enrolment
): User {
  checkShots(contract, shots)
  const updatedAt = new Date().toISOString()
  return { username, createdAt: current?.createdAt ?? updatedAt, updatedAt, contract, consent, shots }
}

function checkShots ({ dimension }: EmbeddingContract, shots: Enrolment['shots']): void {
  if (shots.length === 0) throw new RangeError('a user needs at least one shot, found none')
  const odd = shots.find(shot => shot.embedding.length !== dimension)
  if (odd !== undefined) {
    throw new RangeError(`expected embeddings of ${dimension} numbers, found ${odd.embedding.length}`)
  }
}

/** Cuts rows read with `limit + 1` to a page. */
export function toUserPage (rows: UserSummary[], limit: number): UserPage {
  const users = rows.slice(0, limit)
  return { users, next: rows.length > limit ? users.at(-1)?.username ?? null : null }
}

/** For a new name that another user has in another spelling, or that looks like another user's. */
export function nameTaken (): ServiceError {
  return new ServiceError(
    'username_taken',
    'The username differs from that of another user only in case, or looks like it. Choose another one, or send the exact name of the user.'
  )
}
