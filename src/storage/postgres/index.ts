/**
 * The store for several hosts: PostgreSQL 14 or later, a database encoded in UTF8. What a deletion erases stays in the
 * server's own log, archives and backups until those are dropped. A subject is a file beside this one and a line here.
 */
import { queuePolicies } from '../queue-policies.ts'
import { plainSealer, refuseSealedOtherwise, type Sealer } from '../sealer.ts'
import { shared } from '../shared.ts'
import type { Maintenance, Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { postgresAudit } from './audit.ts'
import { postgresChallenges } from './challenges.ts'
import { connectPostgres, type PostgresConnection, type PostgresSubject } from './connection.ts'
import { postgresDeferred, queueForgotten } from './deferred.ts'
import { type PostgresErasure, postgresErasure } from './erasure.ts'
import { postgresFailures } from './failures.ts'
import { postgresIdempotency } from './idempotency.ts'
import { postgresLimits } from './limits.ts'
import { postgresPhotos } from './photos.ts'
import { openPgBossQueue, type PgBossQueue } from './queue.ts'
import { postgresReviews } from './reviews.ts'
import { migrate } from './schema.ts'
import { postgresSketches } from './sketches.ts'
import { tenantOf } from './tenant-schema.ts'
import { postgresUsers } from './users.ts'
import { postgresVerifications } from './verifications.ts'
import { postgresWebhooks } from './webhooks.ts'

/**
 * Connects to `url` (postgres://user:password@host:port/database) with at most `poolMax` connections, and updates the
 * schema.
 * @throws {ConfigError} when the URL cannot be read
 * @throws {StoreError} when the server cannot be reached, or its database was written by a newer version
 */
export async function openPostgres (
  url: string, poolMax: number, sealer: Sealer = plainSealer, policies = queuePolicies({ REQUEST_TIMEOUT: 30 })
): Promise<Store> {
  const connection = connectPostgres(url, poolMax)
  const tenant = tenantOf(url)
  let queue: PgBossQueue
  try {
    await connection.transaction(transaction => migrate(transaction, connection.where, tenant))
    queue = await openPgBossQueue(connection.queueDb, policies, tenant)
    await connection.transaction(transaction => queueForgotten(transaction, queue))
  } catch (error) {
    await connection.close()
    throw error
  }

  const audit = postgresAudit(connection)
  const locks = postgresIdempotency(connection, sealer)
  const challenges = postgresChallenges(connection, locks)
  const deferred = postgresDeferred(connection, sealer, queue, locks)
  const webhooks = postgresWebhooks(connection, sealer, queue)
  const sketches = postgresSketches(connection, sealer)
  const failures = postgresFailures(connection)
  const reviews = postgresReviews(connection, sealer, queue, locks, sketches)
  const verifications = postgresVerifications(connection, locks, deferred, sketches, challenges, failures, reviews)
  const photos = postgresPhotos(connection)
  const limits = postgresLimits(connection)
  const users = postgresUsers(connection, sealer, locks, sketches, failures, reviews)
  // The order in which a person is erased, and hence that of the locks.
  const subjects = [verifications, audit, photos, sketches, locks, challenges, deferred, failures, reviews, users]
  const erasure = postgresErasure(connection, subjects)
  erasure.start()

  return {
    kind: 'postgres',
    ...users.methods,
    ...verifications.methods,
    ...photos.methods,
    ...challenges.methods,
    ...locks.methods,
    ...deferred.methods,
    ...webhooks.methods,
    ...audit.methods,
    ...limits.methods,
    ...sketches.methods,
    ...failures.methods,
    ...reviews.methods,
    ...erasure.methods,
    ...maintenance(connection, sealer, queue, users, erasure, subjects)
  }
}

function maintenance (
  connection: PostgresConnection,
  sealer: Sealer,
  queue: PgBossQueue,
  users: PostgresSubject<unknown>,
  erasure: PostgresErasure,
  subjects: readonly PostgresSubject<unknown>[]
): Maintenance {
  return {
    async resealTemplates () {
      let shots = 0
      for (const subject of subjects) {
        const resealed = (await subject.reseal?.()) ?? 0
        if (subject === users) shots = resealed
      }
      return shots
    },
    check: shared(async () => {
      // Changes nothing, but is written: a full disk or a server that takes no writes shows.
      await connection.connected(query => query('UPDATE schema_version SET version = version'))
      // From one key to the next in the index, however many shots there are.
      const { rows } = await connection.connected(query =>
        query<{ keyId: string | null }>(`
        WITH RECURSIVE keys (id) AS (
          SELECT min(key_id COLLATE "C") FROM shots
          UNION ALL SELECT (SELECT min(key_id COLLATE "C") FROM shots WHERE key_id COLLATE "C" > id) FROM keys WHERE id IS NOT NULL)
        SELECT id AS "keyId" FROM keys WHERE id IS NOT NULL UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM shots WHERE key_id IS NULL)`)
      )
      refuseSealedOtherwise(
        sealer,
        rows.map(({ keyId }) => keyId)
      )
    }),
    async integrityCheck () {
      const { rows } = await connection.connected(query =>
        query<{ name: string }>(`
        SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname`)
      )
      const problems: string[] = []
      // Reading every row shows damaged pages; a healthy server needs no more, and amcheck needs an administrator.
      for (const { name } of rows) {
        await connection
          .connected(query => query(`SELECT count(${name}::text) FROM ${name}`))
          .catch(error => {
            if (!(error instanceof StoreError) || error.code !== 'store_corrupt') throw error
            problems.push(error.message)
          })
      }
      return problems.slice(0, 10)
    },
    async close () {
      if (connection.closing()) return
      await erasure.stop()
      await queue.close()
      await connection.close()
    }
  }
}
