import {
  type Deletion,
  type Erased,
  type ErasureStore,
  type Expired,
  type PendingErasure,
  REWRITE_MAX_BYTES,
  REWRITE_PAUSE_MS,
  REWRITE_SHARE,
  toErased,
  toExpired,
  withErased,
  withExpired
} from '../subjects/erasure.ts'
import { appendAudit } from './audit.ts'
import type { PostgresConnection, PostgresSubject, Query } from './connection.ts'

/** How long a rewrite waits for the others to leave a table; meanwhile they wait for it. */
const LOCK_TIMEOUT_MS = 1000

export interface PostgresErasure extends PostgresSubject<ErasureStore> {
  /** Starts with what a process left that ended before it was done. */
  start (): void
  stop (): Promise<void>
}

/** @param subjects in the order in which they erase; the users themselves are the last */
export function postgresErasure (
  connection: PostgresConnection,
  subjects: readonly PostgresSubject<unknown>[]
): PostgresErasure {
  const { changing, transaction } = connection
  const { pending, finish, schedule, stop } = finishing(connection)

  return {
    start: schedule,
    stop,
    methods: {
      async deleteUser (username, entry): Promise<Deletion | null> {
        const erased = await changing(username, async transaction => {
          // Locking the row holds back new records of the user, so that the counts are exact.
          const { count } = await transaction.query('SELECT 1 FROM users WHERE username = $1 FOR UPDATE', [username])
          if (count === 0) return null
          const parts: Partial<Erased>[] = []
          for (const subject of subjects) parts.push((await subject.erase?.(transaction, username)) ?? {})
          const erased = toErased(parts)
          await appendAudit(transaction, withErased(entry, erased))
          await transaction.query(`
            INSERT INTO pending_erasures (part, erased_by) VALUES ('free_pages', pg_current_xact_id_if_assigned()::text::bigint)
            ON CONFLICT (part) DO UPDATE SET erased_by = excluded.erased_by`)
          return erased
        })
        if (erased === null) return null
        schedule()
        return { ...erased, pending: ['free_pages'] }
      },
      removeBefore: (moment, entry) =>
        transaction(async transaction => {
          const parts: Partial<Expired>[] = []
          for (const subject of subjects) parts.push((await subject.expire?.(transaction, moment)) ?? {})
          const expired = toExpired(parts)
          const removal = withExpired(entry, expired)
          if (removal !== null) await appendAudit(transaction, removal)
          return expired
        }),
      pendingErasures: pending,
      finishErasures: ({ force = false } = {}) => finish(force ? Infinity : REWRITE_MAX_BYTES)
    }
  }
}

/**
 * A deleted row keeps its bytes until its table is rewritten: VACUUM alone leaves them in the free space of the page.
 * What is pending stands in the database, so that any instance goes on with it.
 */
function finishing ({ connected }: PostgresConnection) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  let lastMs = 0
  let stopped = false

  const pending = async (): Promise<PendingErasure[]> =>
    (await connected(query => query<{ part: PendingErasure }>('SELECT part FROM pending_erasures'))).rows.map(
      ({ part }) => part
    )

  const finish = async (maxBytes: number): Promise<PendingErasure[]> => {
    const start = Date.now()
    await connected(query => rewriteAll(query, maxBytes))
    lastMs = Date.now() - start
    return pending()
  }

  const schedule = (): void => {
    if (stopped) return
    timer ??= setTimeout(() => {
      timer = undefined
      // Also when it fails, or a table is too large or in use: the next look is cheap.
      running = finish(REWRITE_MAX_BYTES).then(left => { if (left.length > 0) schedule() }, schedule)
    }, Math.max(REWRITE_PAUSE_MS, REWRITE_SHARE * lastMs)).unref()
  }

  const stop = async (): Promise<void> => {
    stopped = true
    clearTimeout(timer)
    await running
  }
  return { pending, finish, schedule, stop }
}

/**
 * One instance at a time. Leaves what is pending when a table is larger than `maxBytes`, or an older transaction still
 * runs.
 */
async function rewriteAll (query: Query, maxBytes: number): Promise<void> {
  const { rows: [found] } = await query<{ erasedBy: string, free: boolean }>(`
    SELECT erased_by AS "erasedBy", pg_try_advisory_lock(hashtextextended('erasure', 0)) AS free FROM pending_erasures`)
  if (found?.free !== true) return
  try {
    if (await seenByOthers(query, found.erasedBy)) return
    // Every table whose rows name a person.
    const sizes = await query<{ name: string; bytes: string }>(`
      SELECT relname AS name, pg_total_relation_size(pg_class.oid)::text AS bytes
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attname = 'username' AND NOT attisdropped`)
    await query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`)
    for (const { name, bytes } of sizes.rows) {
      await query(Number(bytes) > maxBytes ? `VACUUM ${name}` : `VACUUM (FULL) ${name}`)
    }
    const rewritten = sizes.rows.every(({ bytes }) => Number(bytes) <= maxBytes)
    if (rewritten) await query('DELETE FROM pending_erasures WHERE erased_by = $1', [found.erasedBy])
  } finally {
    await query('RESET lock_timeout')
    await query("SELECT pg_advisory_unlock(hashtextextended('erasure', 0))")
  }
}

/** True while a transaction that began before the erasure may still see the rows: a rewrite would keep them. */
async function seenByOthers (query: Query, erasedBy: string): Promise<boolean> {
  const { rows: [horizon] } = await query<{ seen: boolean }>(`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint <= $1::bigint OR EXISTS (
      SELECT FROM (
        SELECT backend_xmin AS xmin FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
        UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
        UNION ALL SELECT xmin FROM pg_replication_slots
      ) AS horizons WHERE age(xmin) >= age((($1::bigint) % 4294967296)::text::xid)) AS seen`, [erasedBy])
  return horizon?.seen !== false
}
