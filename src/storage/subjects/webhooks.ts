/** The delivery of the outcomes of deferred verifications to their webhooks. */
import type { AuditEntry } from '../audit-chain.ts'
import type { Sealer } from '../sealer.ts'
import { type DeferredRow, type Lease, openBody, withLeases } from './deferred.ts'

export interface LeasedWebhook extends Lease {
  url: string
  username: string
  key: string | null
  requestId: string
  status: 'done' | 'failed'
  /** As the photo of a `LeasedDeferred`. */
  outcome: () => string
  scores: boolean
}

export interface WebhookStore {
  /** Leases the oldest outcomes that are due for delivery. */
  leaseWebhooks (limit: number): Promise<LeasedWebhook[]>
  /** As `retryDeferred`. */
  retryWebhook (lease: Lease): Promise<void>
  /** False when the lease is lost; then nothing is written. */
  endWebhook (lease: Lease, status: 'delivered' | 'failed', audit: AuditEntry): Promise<boolean>
}

/** The leased webhooks, oldest verification first. */
export function toLeasedWebhooks (
  leases: readonly Lease[],
  rows: readonly DeferredRow[],
  sealer: Sealer
): LeasedWebhook[] {
  return withLeases(leases, rows).map(({ attempt, row }) => {
    const { id, webhook, username, key, requestId, status, scores } = row
    return {
      id,
      attempt,
      url: webhook!,
      username,
      key,
      requestId,
      status: status as LeasedWebhook['status'],
      outcome: () => Buffer.from(openBody(row, sealer)).toString(),
      scores: Boolean(scores)
    }
  })
}
