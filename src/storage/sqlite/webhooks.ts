import type { Sealer } from '../sealer.ts'
import { DEFERRED_COLUMNS, type DeferredRow } from '../subjects/deferred.ts'
import { toLeasedWebhooks, type WebhookStore } from '../subjects/webhooks.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import type { SqliteQueue } from './queue.ts'

export function sqliteWebhooks (
  { db, read, write }: SqliteConnection, sealer: Sealer, queue: SqliteQueue, audit: SqliteAudit
): SqliteSubject<WebhookStore> {
  const start = db.prepare(`
    UPDATE jobs SET webhook_attempts = lease.value ->> 'attempt' FROM json_each(?) AS lease
    WHERE jobs.id = lease.value ->> 'id' RETURNING ${DEFERRED_COLUMNS}`)
  const end = db.prepare('UPDATE jobs SET webhook_status = ? WHERE id = ?')

  return {
    methods: {
      async leaseWebhooks (limit) {
        if (!await read(() => queue.isDue('webhook'))) return []
        const { leases, rows } = await write(() => {
          const leases = queue.fetch('webhook', limit)
          return { leases, rows: start.all(JSON.stringify(leases)) as unknown as DeferredRow[] }
        })
        return toLeasedWebhooks(leases, rows, sealer)
      },
      async retryWebhook (lease) {
        await write(() => queue.retry('webhook', lease))
      },
      endWebhook: (lease, status, entry) => write(() => {
        if (!queue.complete('webhook', lease)) return false
        end.run(status, lease.id)
        audit.append(entry)
        return true
      })
    }
  }
}
