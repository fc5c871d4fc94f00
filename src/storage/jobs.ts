/** Verifications that wait in the store for a free worker of any process, and the delivery of their outcomes. */
import { createHash } from 'node:crypto'
import type { Sealer } from './sealing.ts'

/** A proof as it waits. */
export interface NewJob {
  /** A UUID. */
  id: string
  username: string
  task: string
  /** The bytes of the photo; erased with the outcome. */
  photo: Uint8Array
  /** On whose behalf, for the record and for who may ask for the outcome. */
  key: string | null
  requestId: string
  /** See `Proof.limited`. */
  limited: boolean
  /** Where the outcome is to be posted; null: nowhere. */
  webhook: string | null
  /** Whether whoever is posted the outcome sees scores. */
  scores: boolean
  createdAt: string
}

/** The right to end a job, until it lapses or is given back. */
export interface Lease {
  id: string
  /** 1 for the first. Each lease of a job has its own, so that a late holder is told from the present one. */
  attempt: number
}

export interface ClaimedJob extends Omit<NewJob, 'photo'>, Lease {
  /**
   * Opened when it is asked for, so that one that cannot be opened fails alone and not with all that were claimed.
   * @throws {StoreError} `store_sealed`, `store_corrupt`
   */
  photo: () => Uint8Array
}

export interface ClaimedWebhook extends Lease {
  url: string
  username: string
  key: string | null
  requestId: string
  status: 'done' | 'failed'
  /** As the photo of a job. */
  outcome: () => string
  scores: boolean
}

export interface WebhookState {
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
}

export interface JobState {
  id: string
  key: string | null
  status: 'pending' | 'running' | 'done' | 'failed'
  /** JSON of the verdict when done, of the error's body when failed; else null. */
  outcome: string | null
  webhook: WebhookState | null
}

/** What a person's export tells of a job. */
export interface PersonalJob extends JobState {
  task: string
  requestId: string
  createdAt: string
  /** sha256 of the photo while it waits; then null. */
  photo: string | null
}

/** How a job ends, in the hands of whoever holds its lease. */
export interface JobEnd extends Lease {
  status: 'done' | 'failed'
  outcome: string
}

/** The columns of the table `jobs`; `body` is the photo, and from the end on the outcome. */
export interface JobRow {
  id: string
  username: string
  task: string
  key: string | null
  requestId: string
  limited: boolean | number
  createdAt: string
  status: JobState['status']
  webhook: string | null
  webhookStatus: WebhookState['status'] | null
  webhookAttempts: number
  scores: boolean | number
  body: Uint8Array
  keyId: string | null
}

/** Under the names of `JobRow`. */
export const JOB_COLUMNS = `id, username, task, key_name AS "key", request_id AS "requestId", limited, created_at AS "createdAt", status, webhook,
  webhook_status AS "webhookStatus", webhook_attempts AS "webhookAttempts", scores, body, key_id AS "keyId"`

/** The claimed jobs in the order in which they were sent. */
export function toClaimedJobs (leases: readonly Lease[], rows: readonly JobRow[], sealer: Sealer): ClaimedJob[] {
  return leased(leases, rows).map(({ attempt, row }) => {
    const { id, username, task, key, requestId, limited, webhook, scores, createdAt } = row
    return { id, attempt, username, task, photo: () => openBody(row, sealer), key, requestId, limited: Boolean(limited), webhook, scores: Boolean(scores), createdAt }
  })
}

export function toClaimedWebhooks (leases: readonly Lease[], rows: readonly JobRow[], sealer: Sealer): ClaimedWebhook[] {
  return leased(leases, rows).map(({ attempt, row }) => {
    const { id, webhook, username, key, requestId, status, scores } = row
    return { id, attempt, url: webhook!, username, key, requestId, status: status as ClaimedWebhook['status'], outcome: () => text(openBody(row, sealer)), scores: Boolean(scores) }
  })
}

function leased (leases: readonly Lease[], rows: readonly JobRow[]): { attempt: number, row: JobRow }[] {
  const attempts = new Map(leases.map(({ id, attempt }) => [id, attempt]))
  return rows
    .flatMap(row => attempts.has(row.id) ? [{ attempt: attempts.get(row.id)!, row }] : [])
    .sort((a, b) => a.row.createdAt < b.row.createdAt ? -1 : Number(a.row.createdAt > b.row.createdAt))
}

export function toJobState (row: JobRow, sealer: Sealer): JobState {
  const { id, key, status, webhookStatus, webhookAttempts } = row
  return {
    id,
    key,
    status,
    outcome: hasEnded(row) ? text(openBody(row, sealer)) : null,
    webhook: webhookStatus === null ? null : { status: webhookStatus, attempts: webhookAttempts }
  }
}

export function toPersonalJob (row: JobRow, sealer: Sealer): PersonalJob {
  const { task, requestId, createdAt } = row
  const photo = hasEnded(row) ? null : createHash('sha256').update(openBody(row, sealer)).digest('hex')
  return { ...toJobState(row, sealer), task, requestId, createdAt, photo }
}

function hasEnded ({ status }: JobRow): boolean {
  return status === 'done' || status === 'failed'
}

function openBody ({ id, body, keyId }: JobRow, sealer: Sealer): Uint8Array {
  return sealer.open({ keyId, bytes: body }, jobContext(id))
}

function text (bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

/** A sealed photo or outcome opens for its own job only. */
export function jobContext (id: string): string {
  return `job\0${id}`
}

/** Thrown where a job's lease lapsed and another process, or an erasure, was faster; nothing was written. */
export class JobLostError extends Error {
  override readonly name = 'JobLostError'

  constructor (id: string) {
    super(`the job ${id} is no longer this process's`)
  }
}
