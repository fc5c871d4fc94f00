import type { Sealer } from '../sealer.ts'
import { DEFERRED_COLUMNS, type DeferredRow } from '../subjects/deferred.ts'
import { toLeasedWebhooks, type WebhookStore } from '../subjects/webhooks.ts'
import { appendAudit } from './audit.ts'
import type { PostgresConnection, PostgresSubject } from './connection.ts'
import { holdUser } from './hold-user.ts'
import type { PgBossQueue } from './queue.ts'

export function postgresWebhooks (
  { connected, transaction }: PostgresConnection,
  sealer: Sealer,
  queue: PgBossQueue
): PostgresSubject<WebhookStore> {
  return {
    methods: {
      async leaseWebhooks (limit) {
        const leases = await queue.fetch('webhook', limit)
        if (leases.length === 0) return []
        const { rows } = await connected(query =>
          query<DeferredRow>(
            `
          UPDATE jobs SET webhook_attempts = lease.attempt FROM unnest($1::text[], $2::int[]) AS lease (lease_id, attempt)
          WHERE id = lease_id RETURNING ${DEFERRED_COLUMNS}`,
            [leases.map(({ id }) => id), leases.map(({ attempt }) => attempt)]
          )
        )
        return toLeasedWebhooks(leases, rows, sealer)
      },
      async retryWebhook (lease) {
        await transaction(({ db }) => queue.retry('webhook', lease, db))
      },
      endWebhook: (lease, status, entry) =>
        transaction(async transaction => {
          const { query, db } = transaction
          await holdUser(query, entry.username)
          if (!(await queue.complete('webhook', lease, db))) return false
          await query('UPDATE jobs SET webhook_status = $2 WHERE id = $1', [lease.id, status])
          await appendAudit(transaction, entry)
          return true
        })
    }
  }
}
