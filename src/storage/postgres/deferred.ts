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
import { appendAudit } from './audit.ts'
import type { PostgresConnection, PostgresSubject, Transaction } from './connection.ts'
import { holdUser } from './hold-user.ts'
import type { PostgresIdempotency } from './idempotency.ts'
import { partOf, partValues } from './part.ts'
import type { PgBossQueue } from './queue.ts'
import { resealing } from './reseal.ts'

export interface PostgresDeferred extends PostgresSubject<DeferredStore> {
  /** Ends a deferred verification in the caller's transaction. */
  end (transaction: Transaction, end: DeferredEnd): Promise<void>
}

export function postgresDeferred (
  connection: PostgresConnection, sealer: Sealer, queue: PgBossQueue, locks: PostgresIdempotency
): PostgresDeferred {
  const { transaction } = connection

  const end = async ({ query, db }: Transaction, { id, attempt, status, outcome }: DeferredEnd): Promise<void> => {
    if (!await queue.complete('verify', { id, attempt }, db)) throw new LeaseLostError(id)
    const { bytes, keyId } = sealer.seal(Buffer.from(outcome), deferredContext(id))
    const {
      rows: [row]
    } = await query<{ webhook: string | null }>(
      `
      UPDATE jobs SET status = $2, body = $3, key_id = $4 WHERE id = $1 RETURNING webhook`,
      [id, status, Buffer.from(bytes), keyId]
    )
    if (row?.webhook != null) await queue.send('webhook', [id], db)
  }

  /** The queue's rows first, as everywhere, so that no two transactions wait for each other. */
  const remove = async ({ query, db }: Transaction, found: { id: string }[]): Promise<number> => {
    const ids = found.map(({ id }) => id)
    await queue.remove(ids, db)
    return (await query('DELETE FROM jobs WHERE id = ANY($1)', [ids])).count
  }

  return {
    end,
    async erase (transaction, username) {
      const { rows } = await transaction.query<{ id: string }>('SELECT id FROM jobs WHERE username = $1', [username])
      return { jobs: await remove(transaction, rows) }
    },
    reseal: resealing(connection, sealer, 'jobs', deferredContext),
    methods: {
      ...reading(connection, sealer),
      ...leasing(connection, sealer, queue),
      addDeferred: adding(connection, sealer, queue, locks),
      endDeferred: (ending, entry) =>
        transaction(async transaction => {
          await holdUser(transaction.query, entry.username)
          await end(transaction, ending)
          await appendAudit(transaction, entry)
        }),
      removeDeferred: before =>
        transaction(async transaction => {
          const { rows } = await transaction.query<{ id: string }>('SELECT id FROM jobs WHERE created_at < $1', [
            before
          ])
          return remove(transaction, rows)
        })
    }
  }
}

function adding (
  { transaction }: PostgresConnection,
  sealer: Sealer,
  queue: PgBossQueue,
  locks: PostgresIdempotency
): DeferredStore['addDeferred'] {
  return async (
    { id, username, task, key, requestId, limited, webhook, scores, challenge, createdAt, photo },
    max,
    settlement
  ) => {
    const { bytes, keyId } = sealer.seal(photo, deferredContext(id))
    return transaction(async transaction => {
      const {
        rows: [added]
      } = await transaction.query<{ turn: number }>(
        `
        INSERT INTO jobs (id, username, task, key_name, request_id, limited, created_at, status, webhook, webhook_status, scores, challenge, body, key_id, turn)
        SELECT $1, $2, $3, $4, $5, $6, $7::timestamptz, 'pending', $8, CASE WHEN $8::text IS NOT NULL THEN 'pending' END, $9, $10, $11, $12,
          greatest((SELECT min(turn) FROM jobs WHERE status = 'pending'),
            (SELECT max(turn) + 1 FROM jobs WHERE status IN ('pending', 'running') AND key_name IS NOT DISTINCT FROM $4), 0)
        WHERE $13 > 0 AND ((SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')) < $13
          OR NOT EXISTS (SELECT FROM jobs WHERE status IN ('pending', 'running') AND key_name IS NOT DISTINCT FROM $4))
        RETURNING turn`,
        [
          id,
          username,
          task,
          key,
          requestId,
          limited,
          createdAt,
          webhook,
          scores,
          challenge,
          Buffer.from(bytes),
          keyId,
          max
        ]
      )
      if (added === undefined) return false
      await queue.send('verify', [id], transaction.db, added.turn)
      await locks.settle(transaction, settlement)
      return true
    })
  }
}

type Leasing = Pick<DeferredStore, 'leaseDeferred' | 'retryDeferred'>

function leasing ({ connected, transaction }: PostgresConnection, sealer: Sealer, queue: PgBossQueue): Leasing {
  return {
    async leaseDeferred (limit) {
      const leases = await queue.fetch('verify', limit)
      if (leases.length === 0) return []
      // A lease may have lapsed since, and another process may have ended the verification.
      const { rows } = await connected(query =>
        query<DeferredRow>(
          `
        UPDATE jobs SET status = 'running' WHERE id = ANY($1) AND status IN ('pending', 'running') RETURNING ${DEFERRED_COLUMNS}`,
          [leases.map(({ id }) => id)]
        )
      )
      return toLeasedDeferred(leases, rows, sealer)
    },
    retryDeferred: lease =>
      transaction(async ({ query, db }) => {
        if (await queue.retry('verify', lease, db)) {
          await query("UPDATE jobs SET status = 'pending' WHERE id = $1", [lease.id])
        }
      })
  }
}

type Reading = Pick<DeferredStore, 'findDeferred' | 'countDeferred' | 'deferredOf'>

function reading ({ connected }: PostgresConnection, sealer: Sealer): Reading {
  return {
    async findDeferred (id) {
      const {
        rows: [row]
      } = await connected(query => query<DeferredRow>(`SELECT ${DEFERRED_COLUMNS} FROM jobs WHERE id = $1`, [id]))
      return row === undefined ? null : toDeferredState(row, sealer)
    },
    async countDeferred () {
      const {
        rows: [counts]
      } = await connected(query =>
        query<DeferredCounts>(`
        SELECT count(*) FILTER (WHERE status = 'pending')::int AS waiting, count(*) FILTER (WHERE status = 'running')::int AS running,
          (SELECT count(*)::int FROM jobs WHERE webhook_status = 'pending' AND status IN ('done', 'failed')) AS webhooks
        FROM jobs WHERE status IN ('pending', 'running')`)
      )
      return counts!
    },
    async deferredOf (username, part) {
      const { rows } = await connected(query =>
        query<DeferredRow>(
          `
        SELECT ${DEFERRED_COLUMNS} FROM jobs ${partOf('id')}`,
          partValues(username, part)
        )
      )
      return rows.map(row => toPersonalDeferred(row, sealer))
    }
  }
}

/**
 * Queues what the queue does not know: deferred verifications of an older version, or of a backup of our tables alone.
 */
export async function queueForgotten ({ query, db }: Transaction, queue: PgBossQueue): Promise<void> {
  const { rows } = await query<{ id: string, ended: boolean }>(`
    SELECT id, status IN ('done', 'failed') AS ended FROM jobs
    WHERE status IN ('pending', 'running') OR webhook_status = 'pending' ORDER BY created_at`)
  for (const [name, ended] of [['verify', false], ['webhook', true]] as const) {
    const ids = rows.filter(row => row.ended === ended).map(({ id }) => id)
    if (ids.length > 0) await queue.send(name, ids, db)
  }
}
