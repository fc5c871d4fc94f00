/** Answers kept for requests with an Idempotency-Key: what a claim finds, for every store. */
import { ServiceError } from '../errors/errors.ts'
import type { Sealer } from './sealing.ts'

/** One request, as its first and every later attempt describe it. */
export interface AnswerClaim {
  /** Names caller, route and key; made of their hash. */
  id: string
  /** Whom the request is about, so that the answer is erased with the person. */
  username: string | null
  /** sha256 of the fields and photos. */
  fingerprint: string
  /** Whoever claims; only the owner can leave an answer. */
  owner: string
  now: string
  /** When the claim lapses, should its owner be gone without an answer. */
  leaseUntil: string
  /** What was first claimed before this moment is forgotten. */
  since: string
}

export interface StoredAnswer {
  status: number
  /** The body as it was sent. */
  body: Uint8Array
  /** Headers that a repetition carries again. */
  headers: Record<string, string>
}

/** What a person's export tells of an answer. */
export interface PersonalAnswer {
  createdAt: string
  /** Null, as is the body, while the request runs. */
  status: number | null
  /** JSON. */
  body: string | null
}

/** The answer of a claim, kept in one transaction with the work that it tells of. */
export interface Settlement {
  id: string
  owner: string
  answer: StoredAnswer
}

export type ClaimResult =
  | { state: 'claimed' }
  | { state: 'mismatch' }
  | { state: 'running', leaseUntil: string }
  | { state: 'answered', answer: StoredAnswer }

/** A row of the table `answers`; the last four are null until there is an answer, `keyId` also for a plain one. */
export interface AnswerRow {
  id: string
  fingerprint: string
  leaseUntil: string
  createdAt: string
  status: number | null
  body: Uint8Array | null
  keyId: string | null
  /** JSON. */
  headers: string | null
}

/** Under the names of `AnswerRow`. */
export const ANSWER_COLUMNS = 'id, fingerprint, lease_until AS "leaseUntil", created_at AS "createdAt", status, body, key_id AS "keyId", headers'

/** What the stored row, if any, means for a claim. `claimed`: the claim is to be written over it. */
export function resultOf (row: AnswerRow | undefined, claim: AnswerClaim, sealer: Sealer): ClaimResult {
  // Under a key that is gone nobody can read the answer any more.
  if (row === undefined || row.createdAt < claim.since || !(row.body === null || sealer.opens(row.keyId))) return { state: 'claimed' }
  if (row.fingerprint !== claim.fingerprint) return { state: 'mismatch' }
  const { status, body, keyId, headers } = row
  if (status !== null && body !== null) {
    return { state: 'answered', answer: { status, body: sealer.open({ keyId, bytes: body }, answerContext(claim.id)), headers: JSON.parse(headers ?? '{}') as Record<string, string> } }
  }
  return row.leaseUntil > claim.now ? { state: 'running', leaseUntil: row.leaseUntil } : { state: 'claimed' }
}

/** For work that is not done, since its claim lapsed and another attempt took it over, or the person was erased. */
export function claimLost (): ServiceError {
  return new ServiceError('idempotency_in_progress', 'Another attempt of this request took over. Send it again in 1 s for its answer.', { headers: { 'retry-after': '1' } })
}

/** An answer under a key that is gone cannot be read by anybody, and is told without its body. */
export function toPersonalAnswer ({ id, createdAt, status, body, keyId }: AnswerRow, sealer: Sealer): PersonalAnswer {
  const readable = body !== null && sealer.opens(keyId)
  return { createdAt, status, body: readable ? Buffer.from(sealer.open({ keyId, bytes: body }, answerContext(id))).toString() : null }
}

/** A sealed answer opens under its own id only. */
export function answerContext (id: string): string {
  return `answer\0${id}`
}
