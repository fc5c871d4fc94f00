/** What the stores share between the interface and their tables. */
import { ServiceError } from '../errors/errors.ts'
import type { Sealer } from './sealing.ts'
import type { EmbeddingContract, Enrolment, Shot, StoredVerification, User, UserSummary, VerificationCursor } from './store.ts'
import { StoreError } from './store-error.ts'

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

/** A shot's embedding as it is stored. A sealed one opens for this user and this photo only. */
export function sealEmbedding (sealer: Sealer, username: string, { sha256, embedding }: Shot): { embedding: Uint8Array, keyId: string | null } {
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
      embedding: embeddingFromBytes(sealer.open({ keyId: row.keyId, bytes: row.embedding }, templateContext(username, row.sha256)), dimension),
      createdAt: row.shotCreatedAt
    }))
  }
}

/** The user that an enrolment makes of the current one. */
export function enrolled (username: string, current: User | null, { contract, shots, consent = current?.consent ?? null }: Enrolment): User {
  checkShots(contract, shots)
  const updatedAt = new Date().toISOString()
  return { username, createdAt: current?.createdAt ?? updatedAt, updatedAt, contract, consent, shots }
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

/** Cuts rows read with `limit + 1` to a page. */
export function toVerificationPage (rows: StoredVerification[], limit: number): { verifications: StoredVerification[], next: VerificationCursor | null } {
  const verifications = rows.slice(0, limit)
  const last = verifications.at(-1)
  return { verifications, next: rows.length > limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null }
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
