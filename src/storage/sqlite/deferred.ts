import type { Sealer } from '../sealer.ts'
import {
  DEFERRED_COLUMNS,
  deferredContext,
  type DeferredCounts,
  type DeferredEnd,
  type DeferredRow,
  type DeferredStore,
  LeaseLostError,
  toLeasedDeferred,
  toDeferredState,
  toPersonalDeferred
} from '../subjects/deferred.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import type { SqliteIdempotency } from './idempotency.ts'
import { partOf, partValues } from './part.ts'
import type { SqliteQueue } from './queue.ts'
import { resealing } from './reseal.ts'

export interface SqliteDeferred extends SqliteSubject<DeferredStore> {
  /** Ends a deferred verification in the caller's transaction. */
  end (end: DeferredEnd): void
}

export function sqliteDeferred (
  connection: SqliteConnection, sealer: Sealer, queue: SqliteQueue, audit: SqliteAudit, locks: SqliteIdempotency
): SqliteDeferred {
  const { read, write, emptyLog } = connection
  const statements = prepare(connection)

  const end = ({ id, attempt, status, outcome }: DeferredEnd): void => {
    if (!queue.complete('verify', { id, attempt })) throw new LeaseLostError(id)
    const { bytes, keyId } = sealer.seal(Buffer.from(outcome), deferredContext(id))
    const ended = statements.end.get({ id, status, bytes, keyId })
    if (ended?.webhook != null) queue.send('webhook', id)
  }
  const remove = (rows: Record<string, unknown>[]): number => {
    const ids = rows.map(({ id }) => String(id))
    queue.remove(ids)
    return Number(statements.remove.run(JSON.stringify(ids)).changes)
  }

  return {
    end,
    erase: username => ({ jobs: remove(statements.idsOfUser.all(username)) }),
    reseal: resealing(connection, sealer, 'jobs', deferredContext),
    methods: {
      async addDeferred ({ id, photo, limited, scores, ...deferred }, max, settlement) {
        const { bytes, keyId } = sealer.seal(photo, deferredContext(id))
        const row = { ...deferred, id, limited: Number(limited), scores: Number(scores), bytes, keyId, max }
        return write(() => {
          if (statements.insert.run(row).changes === 0) return false
          queue.send('verify', id)
          locks.settle(settlement)
          return true
        })
      },
      async leaseDeferred (limit) {
        if (!await read(() => queue.isDue('verify'))) return []
        const { leases, rows } = await write(() => {
          const leases = queue.fetch('verify', limit)
          return { leases, rows: statements.start.all(JSON.stringify(leases)) as unknown as DeferredRow[] }
        })
        return toLeasedDeferred(leases, rows, sealer)
      },
      retryDeferred: lease => write(() => {
        if (queue.retry('verify', lease)) statements.stop.run(lease.id)
      }),
      endDeferred: (ending, entry) => write(() => {
        end(ending)
        audit.append(entry)
      }),
      findDeferred: id => read(() => {
        const row = statements.find.get(id) as unknown as DeferredRow | undefined
        return row === undefined ? null : toDeferredState(row, sealer)
      }),
      countDeferred: () => read(() => ({ ...statements.count.get() as unknown as DeferredCounts })),
      async removeDeferred (before) {
        const removed = await write(() => remove(statements.idsBefore.all(before)))
        if (removed > 0) await emptyLog()
        return removed
      },
      deferredOf: (username, part) => read(() => {
        const rows = statements.ofUser.all(partValues(username, part)) as unknown as DeferredRow[]
        return rows.map(row => toPersonalDeferred(row, sealer))
      })
    }
  }
}

function prepare ({ db }: SqliteConnection) {
  return {
    insert: db.prepare(`
      INSERT INTO jobs (id, username, task, key_name, request_id, limited, created_at, status, webhook, webhook_status, scores, challenge, body, key_id, turn)
      SELECT :id, :username, :task, :key, :requestId, :limited, :createdAt, 'pending', :webhook,
        iif(:webhook IS NULL, NULL, 'pending'), :scores, :challenge, :bytes, :keyId,
        max(coalesce((SELECT min(turn) FROM jobs WHERE status = 'pending'), 0),
          coalesce((SELECT max(turn) + 1 FROM jobs WHERE status IN ('pending', 'running') AND key_name IS :key), 0))
      WHERE :max > 0 AND ((SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')) < :max
        OR NOT EXISTS (SELECT 1 FROM jobs WHERE status IN ('pending', 'running') AND key_name IS :key))`),
    start: db.prepare(`
      UPDATE jobs SET status = 'running' WHERE id IN (SELECT value ->> 'id' FROM json_each(?)) RETURNING ${DEFERRED_COLUMNS}`),
    stop: db.prepare("UPDATE jobs SET status = 'pending' WHERE id = ?"),
    end: db.prepare(
      'UPDATE jobs SET status = :status, body = :bytes, key_id = :keyId WHERE id = :id RETURNING webhook'
    ),
    find: db.prepare(`SELECT ${DEFERRED_COLUMNS} FROM jobs WHERE id = ?`),
    ofUser: db.prepare(`SELECT ${DEFERRED_COLUMNS} FROM jobs ${partOf('id')}`),
    idsOfUser: db.prepare('SELECT id FROM jobs WHERE username = ?'),
    idsBefore: db.prepare('SELECT id FROM jobs WHERE created_at < ?'),
    count: db.prepare(`
      SELECT (SELECT count(*) FROM jobs WHERE status = 'pending') AS waiting,
        (SELECT count(*) FROM jobs WHERE status = 'running') AS running,
        (SELECT count(*) FROM jobs WHERE webhook_status = 'pending' AND status IN ('done', 'failed')) AS webhooks`),
    remove: db.prepare('DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(?))')
  }
}
