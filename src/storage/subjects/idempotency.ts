/** Answers stored for requests with an Idempotency-Key, and the lock of a key while its request runs. */
import { ServiceError } from '../../errors/errors.ts'
import type { Sealer } from '../sealer.ts'
import type { Part } from './page.ts'

/** The lock of an idempotency key, held by one attempt of its request. */
export interface IdempotencyLock {
  /** Names caller, route and key; made of their hash. */
  id: string
  /** The attempt that holds it; no other can leave an answer. */
  owner: string
}

/** One request, as its first and every later attempt describe it. */
export interface LockRequest extends IdempotencyLock {
  /** Whom the request is about, so that the answer is erased with the person. */
  username: string | null
  /** sha256 of the fields and photos. */
  fingerprint: string
  now: string
  /** When the lock lapses, should its owner end without an answer. */
  lockedUntil: string
  /** What was first locked before this moment is forgotten. */
  since: string
}

export interface StoredAnswer {
  status: number
  /** The body as it was sent. */
  body: Uint8Array
  /** Headers that a repetition carries again. */
  headers: Record<string, string>
}

/** What a person's export says about an answer. */
export interface PersonalAnswer {
  /** Of its lock. */
  id: string
  createdAt: string
  /** Null, as is the body, while the request runs. */
  status: number | null
  /** JSON. */
  body: string | null
}

/** The answer that ends a lock, stored in one transaction with the work that it reports. */
export interface Settlement extends IdempotencyLock {
  answer: StoredAnswer
}

export type LockResult =
  | { state: 'locked' }
  | { state: 'mismatch' }
  | { state: 'running', lockedUntil: string }
  | { state: 'answered', answer: StoredAnswer }

export interface IdempotencyStore {
  /**
   * Locks a request for its owner, unless it was answered, is running, or was another one. Atomic among all processes.
   */
  acquireIdempotencyLock(request: LockRequest): Promise<LockResult>
  /** Stores the answer and so ends the lock; does nothing when `owner` no longer holds it. */
  settleIdempotencyLock(settlement: Settlement): Promise<void>
  /** Releases the lock without an answer; does nothing when `owner` no longer holds it. */
  releaseIdempotencyLock(lock: IdempotencyLock): Promise<void>
  /** Removes answers that were locked before a moment; answers with their number. */
  removeAnswers(before: string): Promise<number>
  /** Oldest first. */
  answersOf(username: string, part?: Part): Promise<PersonalAnswer[]>
}

/** A row of the table `answers`; the last four are null until there is an answer, `keyId` also for a plain one. */
export interface AnswerRow {
  id: string
  fingerprint: string
  lockedUntil: string
  createdAt: string
  status: number | null
  body: Uint8Array | null
  keyId: string | null
  /** JSON. */
  headers: string | null
}

/** Under the names of `AnswerRow`. */
export const ANSWER_COLUMNS = `id, fingerprint, lease_until AS "lockedUntil", created_at AS "createdAt", status, body, key_id AS "keyId",
  headers`

/** What the stored row, if any, means for a request. `locked`: the lock is to be written over it. */
export function lockResult (row: AnswerRow | undefined, request: LockRequest, sealer: Sealer): LockResult {
  // Under a key that is gone nobody can read the answer any more.
  if (row === undefined || row.createdAt < request.since || !(row.body === null || sealer.opens(row.keyId))) {
    return { state: 'locked' }
  }
  if (row.fingerprint !== request.fingerprint) return { state: 'mismatch' }
  const { status, body, keyId, headers } = row
  if (status !== null && body !== null) {
    const opened = sealer.open({ keyId, bytes: body }, answerContext(request.id))
    return {
      state: 'answered',
      answer: { status, body: opened, headers: JSON.parse(headers ?? '{}') as Record<string, string> }
    }
  }
  return row.lockedUntil > request.now ? { state: 'running', lockedUntil: row.lockedUntil } : { state: 'locked' }
}

/** For work that is not done, since its lock lapsed and another attempt holds it, or the person was erased. */
export function lockLost (): ServiceError {
  return new ServiceError(
    'idempotency_in_progress',
    'Another attempt of this request replaced this one. Send it again in 1 s for its answer.',
    {
      headers: { 'retry-after': '1' }
    }
  )
}

/** An answer under a key that is gone cannot be read by anybody, and is listed without its body. */
export function toPersonalAnswer ({ id, createdAt, status, body, keyId }: AnswerRow, sealer: Sealer): PersonalAnswer {
  const readable = body !== null && sealer.opens(keyId)
  return {
    id,
    createdAt,
    status,
    body: readable ? Buffer.from(sealer.open({ keyId, bytes: body }, answerContext(id))).toString() : null
  }
}

/** A sealed answer opens under its own id only. */
export function answerContext (id: string): string {
  return `answer\0${id}`
}
