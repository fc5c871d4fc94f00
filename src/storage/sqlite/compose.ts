/** The store as it runs in its thread. A subject is a file beside this one and a line here. */
import type { QueuePolicies } from '../queue-policies.ts'
import { refuseSealedOtherwise, type Sealer } from '../sealer.ts'
import { shared } from '../shared.ts'
import type { Maintenance, Store } from '../store.ts'
import { sqliteAudit } from './audit.ts'
import { sqliteChallenges } from './challenges.ts'
import { connectSqlite, type SqliteConnection, type SqliteSubject } from './connection.ts'
import { sqliteDeferred } from './deferred.ts'
import { sqliteErasure } from './erasure.ts'
import { sqliteFailures } from './failures.ts'
import { sqliteIdempotency } from './idempotency.ts'
import { sqliteLimits } from './limits.ts'
import { sqlitePhotos } from './photos.ts'
import { createSqliteQueue } from './queue.ts'
import { sqliteReviews } from './reviews.ts'
import { type SqliteSketches, sqliteSketches } from './sketches.ts'
import { sqliteUsers, type SqliteUserMethods } from './users.ts'
import { sqliteVerifications } from './verifications.ts'
import { sqliteWebhooks } from './webhooks.ts'

/** A function does not cross between threads: instead of `saveUser` there is `replaceUser`. */
export type ThreadStore = Omit<Store, 'kind' | 'saveUser'> & SqliteUserMethods

/** @throws {StoreError} when the file is no database, damaged, not writable or written by a newer version */
export async function composeSqlite (folder: string, sealer: Sealer, policies: QueuePolicies): Promise<ThreadStore> {
  const connection = await connectSqlite(folder)
  const queue = createSqliteQueue(connection.db, policies)
  const audit = sqliteAudit(connection)
  const locks = sqliteIdempotency(connection, sealer)
  const challenges = sqliteChallenges(connection, audit, locks)
  const deferred = sqliteDeferred(connection, sealer, queue, audit, locks)
  const webhooks = sqliteWebhooks(connection, sealer, queue, audit)
  const sketches = sqliteSketches(connection, sealer)
  const failures = sqliteFailures(connection)
  const reviews = sqliteReviews(connection, sealer, queue, audit, locks, sketches)
  const verifications = sqliteVerifications(connection, audit, locks, deferred, sketches, challenges, failures, reviews)
  const photos = sqlitePhotos(connection)
  const limits = sqliteLimits(connection)
  const users = sqliteUsers(connection, sealer, audit, locks, sketches, failures, reviews)
  // The order in which a person is erased.
  const subjects = [verifications, audit, photos, sketches, locks, challenges, deferred, failures, reviews, users]
  const erasure = sqliteErasure(connection, audit, subjects)

  return {
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
    ...maintenance(connection, sealer, users, sketches, subjects)
  }
}

function maintenance (
  { db, read, write, emptyLog, close }: SqliteConnection,
  sealer: Sealer,
  users: SqliteSubject<unknown>,
  sketches: SqliteSketches,
  subjects: readonly SqliteSubject<unknown>[]
): Maintenance {
  // From one key to the next in the index, however many shots there are.
  const keyIds = db.prepare(`
    WITH RECURSIVE keys (id) AS (
      SELECT min(key_id) FROM shots UNION ALL SELECT (SELECT min(key_id) FROM shots WHERE key_id > id) FROM keys WHERE id IS NOT NULL)
    SELECT id AS keyId FROM keys WHERE id IS NOT NULL UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM shots WHERE key_id IS NULL)`)
  // An update that changes nothing would not be written.
  const touch = db.prepare(`
    INSERT INTO request_counts (id, count, until) VALUES ('check', 1, ?)
    ON CONFLICT (id) DO UPDATE SET count = count + 1, until = excluded.until`)
  const integrity = db.prepare('PRAGMA integrity_check(10)')

  return {
    async resealTemplates () {
      const counts = new Map<SqliteSubject<unknown>, number>()
      for (const subject of subjects) counts.set(subject, (await subject.reseal?.()) ?? 0)
      if ([...counts.values()].some(count => count > 0)) await emptyLog()
      return counts.get(users) ?? 0
    },
    check: shared(async () => {
      // A full disk or a file that takes no writes shows. The count goes with those of requests that are over.
      await write(() => touch.run(new Date().toISOString()))
      const rows = await read(() => keyIds.all())
      refuseSealedOtherwise(
        sealer,
        rows.map(({ keyId }) => keyId as string | null)
      )
    }),
    async integrityCheck () {
      const rows = await read(() => integrity.all())
      return rows.map(row => String(row.integrity_check)).filter(verdict => verdict !== 'ok')
    },
    async close () {
      await sketches.close()
      close()
    }
  }
}
