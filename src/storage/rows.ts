/** What the stores share between the interface and their tables. */
import { ServiceError } from '../errors.ts'
import type { EmbeddingContract, Enrolment, User, UserSummary } from './store.ts'
import { StoreError } from './store-error.ts'

/** A user joined with one shot; the columns of both tables under the interface's names. */
export interface UserShotRow {
  username: string
  createdAt: string
  updatedAt: string
  model: string
  preprocessing: string
  dimension: number
  sha256: string
  embedding: Uint8Array
  shotCreatedAt: string
}

const bytesPerFloat = 4

/** Little-endian float32, whatever the host's byte order, so that a database can move between machines. */
export function embeddingToBytes (embedding: Float32Array): Uint8Array {
  const bytes = new Uint8Array(embedding.length * bytesPerFloat)
  const view = new DataView(bytes.buffer)
  embedding.forEach((value, i) => view.setFloat32(i * bytesPerFloat, value, true))
  return bytes
}

/** @throws {StoreError} `store_corrupt` when the bytes are not `dimension` floats */
export function embeddingFromBytes (bytes: Uint8Array, dimension: number): Float32Array {
  if (bytes.byteLength !== dimension * bytesPerFloat) {
    throw new StoreError('store_corrupt', `a stored embedding has ${bytes.byteLength} bytes, expected ${dimension * bytesPerFloat} for dimension ${dimension}: restore a backup, or delete and enrol the user again`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: dimension }, (_, i) => view.getFloat32(i * bytesPerFloat, true))
}

/** Rows of one user, oldest shot first; null when there are none. */
export function toUser (rows: UserShotRow[]): User | null {
  const [first] = rows
  if (first === undefined) return null
  const { username, createdAt, updatedAt, model, preprocessing, dimension } = first
  return {
    username,
    createdAt,
    updatedAt,
    contract: { model, preprocessing, dimension },
    shots: rows.map(row => ({
      sha256: row.sha256,
      embedding: embeddingFromBytes(row.embedding, dimension),
      createdAt: row.shotCreatedAt
    }))
  }
}

/** The user that an enrolment makes of the current one. */
export function enrolled (username: string, current: User | null, { contract, shots }: Enrolment): User {
  checkShots(contract, shots)
  const updatedAt = new Date().toISOString()
  return { username, createdAt: current?.createdAt ?? updatedAt, updatedAt, contract, shots }
}

function checkShots ({ dimension }: EmbeddingContract, shots: Enrolment['shots']): void {
  if (shots.length === 0) throw new RangeError('a user needs at least one shot, found none')
  const odd = shots.find(shot => shot.embedding.length !== dimension)
  if (odd !== undefined) throw new RangeError(`expected embeddings of ${dimension} numbers, found ${odd.embedding.length}`)
}

/** Cuts rows read with `limit + 1` to a page. */
export function toPage (rows: UserSummary[], limit: number): { users: UserSummary[], next: string | null } {
  const users = rows.slice(0, limit)
  return { users, next: rows.length > limit ? users.at(-1)?.username ?? null : null }
}

/**
 * Lone surrogates would be stored as U+FFFD, which makes two names one, and PostgreSQL takes no NUL.
 * @throws {ServiceError} `invalid_username`
 */
export function checkUsername (username: string): void {
  if (username === '' || !username.isWellFormed() || username.includes('\0')) {
    throw new ServiceError('invalid_username', 'a username must be non-empty, well-formed Unicode without NUL')
  }
}
