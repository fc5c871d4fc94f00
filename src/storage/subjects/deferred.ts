/** Deferred verifications: they wait in the store for a free worker of any process. The API calls them jobs. */
import { createHash } from 'node:crypto'
import type { AuditEntry } from '../audit-chain.ts'
import type { Sealer } from '../sealer.ts'
import type { Settlement } from './idempotency.ts'
import type { Part } from './page.ts'

/** How far the delivery of an outcome has come. */
export interface WebhookState {
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
}

/** A proof as it waits. */
export interface DeferredVerification {
  /** A UUID. */
  id: string
  username: string
  task: string
  /** The bytes of the photo; erased with the outcome. */
  photo: Uint8Array
  /** On whose behalf, for the record and for who may ask for the outcome. */
  key: string | null
  requestId: string
  /** Id of the passed challenge that it rests on; null: none. */
  challenge: string | null
  /** See `Proof.limited`. */
  limited: boolean
  /** Where the outcome is to be posted; null: nowhere. */
  webhook: string | null
  /** Whether the receiver of the outcome sees scores also with EXPOSE_SCORES=false. */
  scores: boolean
  createdAt: string
}

/** The right to end a deferred verification or a delivery, until it lapses or is released. */
export interface Lease {
  id: string
  /** 1 for the first. Each lease has its own, which distinguishes a late holder from the current one. */
  attempt: number
}

export interface LeasedDeferred extends Omit<DeferredVerification, 'photo'>, Lease {
  /**
   * Opened when it is asked for, so that one that cannot be opened fails alone and not with all that were leased.
   * @throws {StoreError} `store_sealed`, `store_corrupt`
   */
  photo: () => Uint8Array
}

export interface DeferredState {
  id: string
  key: string | null
  status: 'pending' | 'running' | 'done' | 'failed'
  /** JSON of the verdict when done, of the error's body when failed; else null. */
  outcome: string | null
  webhook: WebhookState | null
}

/** What a person's export says about a deferred verification. */
export interface PersonalDeferred extends DeferredState {
  task: string
  requestId: string
  createdAt: string
  /** sha256 of the photo while it waits; then null. */
  photo: string | null
}

/** How a deferred verification ends, for the holder of its lease. */
export interface DeferredEnd extends Lease {
  status: 'done' | 'failed'
  outcome: string
}

export interface DeferredCounts {
  waiting: number
  running: number
  /** Outcomes that are still to be delivered. */
  webhooks: number
}

/**
 * What a deferred verification is about stands in the table `jobs`; its position in the queue, lease and next attempt
 * belong to pg-boss on PostgreSQL (postgres/queue.ts) and to a table of ids on SQLite (sqlite/queue.ts). API keys
 * share the
 * queue by start-time fair queueing, as in src/inference/fair-queue.ts: a `turn` is one more than the key's last one
 * that has not ended, and no less than the lowest that waits.
 */
export interface DeferredStore {
  /**
   * Stores and queues the verification and keeps the answer under its lock, all or nothing. False when `max` wait or
   * run already, unless none of them is of the same API key and `max` is above 0; rejects with
   * `idempotency_in_progress` when the lock is lost.
   */
  addDeferred(deferred: DeferredVerification, max: number, settle?: Settlement): Promise<boolean>
  /** Leases those whose turn it is: that wait or whose lease lapsed. */
  leaseDeferred(limit: number): Promise<LeasedDeferred[]>
  /**
   * Releases the lease, to be leased after a pause that grows with each attempt; does nothing when the lease is lost.
   */
  retryDeferred(lease: Lease): Promise<void>
  /**
   * Replaces the photo by the outcome and queues its webhook, if it has one. Rejects with `LeaseLostError` when the
   * lease is lost.
   */
  endDeferred(end: DeferredEnd, audit: AuditEntry): Promise<void>
  findDeferred(id: string): Promise<DeferredState | null>
  countDeferred(): Promise<DeferredCounts>
  /** Removes those that were sent before a moment, whatever their state; answers with their number. */
  removeDeferred(before: string): Promise<number>
  /** Oldest first. */
  deferredOf(username: string, part?: Part): Promise<PersonalDeferred[]>
}

/** The columns of the table `jobs`; `body` is the photo, and from the end on the outcome. */
export interface DeferredRow {
  id: string
  username: string
  task: string
  key: string | null
  requestId: string
  limited: boolean | number
  createdAt: string
  status: DeferredState['status']
  webhook: string | null
  webhookStatus: WebhookState['status'] | null
  webhookAttempts: number
  scores: boolean | number
  challenge: string | null
  body: Uint8Array
  keyId: string | null
}

/** Under the names of `DeferredRow`. */
export const DEFERRED_COLUMNS = `id, username, task, key_name AS "key", request_id AS "requestId", limited, created_at AS "createdAt",
  status, webhook, webhook_status AS "webhookStatus", webhook_attempts AS "webhookAttempts", scores, challenge, body, key_id AS "keyId"`

/** The leased verifications in the order in which they were sent. */
export function toLeasedDeferred (
  leases: readonly Lease[],
  rows: readonly DeferredRow[],
  sealer: Sealer
): LeasedDeferred[] {
  return withLeases(leases, rows).map(({ attempt, row }) => {
    const { id, username, task, key, requestId, limited, webhook, scores, challenge, createdAt } = row
    const photo = () => openBody(row, sealer)
    return {
      id,
      attempt,
      username,
      task,
      photo,
      key,
      requestId,
      limited: Boolean(limited),
      webhook,
      scores: Boolean(scores),
      challenge,
      createdAt
    }
  })
}

/** The rows that are leased, in the order in which they were sent. */
export function withLeases (
  leases: readonly Lease[], rows: readonly DeferredRow[]
): { attempt: number, row: DeferredRow }[] {
  const attempts = new Map(leases.map(({ id, attempt }) => [id, attempt]))
  return rows
    .flatMap(row => attempts.has(row.id) ? [{ attempt: attempts.get(row.id)!, row }] : [])
    .sort((a, b) => a.row.createdAt < b.row.createdAt ? -1 : Number(a.row.createdAt > b.row.createdAt))
}

export function toDeferredState (row: DeferredRow, sealer: Sealer): DeferredState {
  const { id, key, status, webhookStatus, webhookAttempts } = row
  return {
    id,
    key,
    status,
    outcome: hasEnded(row) ? Buffer.from(openBody(row, sealer)).toString() : null,
    webhook: webhookStatus === null ? null : { status: webhookStatus, attempts: webhookAttempts }
  }
}

export function toPersonalDeferred (row: DeferredRow, sealer: Sealer): PersonalDeferred {
  const { task, requestId, createdAt } = row
  const photo = hasEnded(row) ? null : createHash('sha256').update(openBody(row, sealer)).digest('hex')
  return { ...toDeferredState(row, sealer), task, requestId, createdAt, photo }
}

function hasEnded ({ status }: DeferredRow): boolean {
  return status === 'done' || status === 'failed'
}

export function openBody ({ id, body, keyId }: DeferredRow, sealer: Sealer): Uint8Array {
  return sealer.open({ keyId, bytes: body }, deferredContext(id))
}

/** A sealed photo or outcome opens for its own verification only. */
export function deferredContext (id: string): string {
  return `job\0${id}`
}

/** Thrown where a lease lapsed and another process, or an erasure, was faster; nothing was written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly id: string

  constructor (id: string) {
    super(`the lease of the deferred verification ${id} is lost`)
    this.id = id
  }
}
