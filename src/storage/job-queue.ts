/**
 * What waits to be done, whichever process does it. What a job is about stands in the table `jobs`; its place in the
 * queue, lease and next attempt belong to pg-boss on PostgreSQL (pg-boss-queue.ts) and to a table of ids on SQLite
 * (sqlite-queue.ts). The contract suite in test/storage runs on both.
 */
import type { Settlement } from './answers.ts'
import type { AuditEntry } from './audit-chain.ts'
import type { ClaimedJob, ClaimedWebhook, JobEnd, JobState, Lease, NewJob } from './jobs.ts'

export interface JobQueue {
  /**
   * Keeps the job, queues it and keeps the answer of its claim, all or nothing. False when `max` jobs wait or run already;
   * rejects with `idempotency_in_progress` when the claim is lost.
   */
  addJob (job: NewJob, max: number, settle?: Settlement): Promise<boolean>
  /** Leases the oldest jobs that wait or whose lease lapsed. */
  claimJobs (limit: number): Promise<ClaimedJob[]>
  /** Gives a job back, to be claimed after a pause that grows with each attempt; does nothing when the lease is lost. */
  retryJob (lease: Lease): Promise<void>
  /**
   * Puts the outcome in the place of the photo and queues its webhook, if it has one. Rejects with `JobLostError` when
   * the lease is lost.
   */
  endJob (end: JobEnd, audit: AuditEntry): Promise<void>
  findJob (id: string): Promise<JobState | null>
  countJobs (): Promise<JobCounts>
  /** Removes jobs that were sent before a moment, whatever became of them; answers with their number. */
  removeJobs (before: string): Promise<number>

  /** Leases the oldest outcomes that are due for delivery. */
  claimWebhooks (limit: number): Promise<ClaimedWebhook[]>
  /** As `retryJob`. */
  retryWebhook (lease: Lease): Promise<void>
  /** False when the lease is lost; then nothing is written. */
  endWebhook (lease: Lease, status: 'delivered' | 'failed', audit: AuditEntry): Promise<boolean>
}

export interface JobCounts {
  waiting: number
  running: number
  /** Outcomes that are still to be delivered. */
  webhooks: number
}

export const queueNames = ['verify', 'webhook'] as const

export type QueueName = typeof queueNames[number]

/** Seconds. */
export interface QueuePolicy {
  /** How long a process may work at a job before another one takes it over. */
  lease: number
  /** Pause after the first failed attempt; it doubles with each further one and has up to its own length added by chance. */
  pause: number
  pauseMax: number
}

export type QueuePolicies = Record<QueueName, QueuePolicy>

/** For the store's own time, before and after the work, seconds. */
const LEASE_MARGIN = 10

/** Seconds that a receiver of a webhook has to answer. */
export const WEBHOOK_TIMEOUT = 10

/** @param config `REQUEST_TIMEOUT` in seconds; a job may wait that long behind requests and then work as long */
export function queuePolicies ({ REQUEST_TIMEOUT }: { REQUEST_TIMEOUT: number }): QueuePolicies {
  return {
    verify: { lease: Math.ceil(2 * REQUEST_TIMEOUT) + LEASE_MARGIN, pause: 1, pauseMax: 60 },
    webhook: { lease: WEBHOOK_TIMEOUT + LEASE_MARGIN, pause: 5, pauseMax: 3600 }
  }
}
