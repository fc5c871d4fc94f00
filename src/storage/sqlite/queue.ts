/**
 * The queue on SQLite: one table of ids with leases; CONTRIBUTING.md says why no library does it. All calls are
 * synchronous, so that they take part in the caller's transaction.
 */
import type { DatabaseSync } from 'node:sqlite'
import { type QueueName, type QueuePolicies, queueNames } from '../queue-policies.ts'
import type { Lease } from '../subjects/deferred.ts'

export type SqliteQueue = ReturnType<typeof createSqliteQueue>

export function createSqliteQueue (db: DatabaseSync, policies: QueuePolicies) {
  const statements = {
    send: db.prepare('INSERT OR IGNORE INTO queue (name, id, due_at) VALUES (?, ?, ?)'),
    isDue: db.prepare('SELECT 1 FROM queue WHERE name = ? AND due_at <= ? LIMIT 1'),
    fetch: db.prepare(`
      UPDATE queue SET attempt = attempt + 1, leased = 1, due_at = :until
      WHERE place IN (
        SELECT place FROM queue LEFT JOIN jobs USING (id) WHERE name = :name AND due_at <= :now ORDER BY turn, place LIMIT :limit)
      RETURNING id, attempt`),
    complete: db.prepare('DELETE FROM queue WHERE name = ? AND id = ? AND attempt = ? AND leased = 1'),
    retry: db.prepare(
      'UPDATE queue SET leased = 0, due_at = ? WHERE name = ? AND id = ? AND attempt = ? AND leased = 1'
    ),
    remove: db.prepare('DELETE FROM queue WHERE name = ? AND id = ?')
  }

  return {
    send (name: QueueName, id: string): void {
      statements.send.run(name, id, Date.now())
    },

    /** Looking needs no lock: while nothing is due, nobody is kept from writing. */
    isDue (name: QueueName): boolean {
      return statements.isDue.get(name, Date.now()) !== undefined
    },

    fetch (name: QueueName, limit: number): Lease[] {
      const now = Date.now()
      return statements.fetch.all({ name, now, limit, until: now + policies[name].lease * 1000 }) as unknown as Lease[]
    },

    /** False when the lease is lost. */
    complete (name: QueueName, { id, attempt }: Lease): boolean {
      return statements.complete.run(name, id, attempt).changes === 1
    },

    /** False when the lease is lost. */
    retry (name: QueueName, { id, attempt }: Lease): boolean {
      const { pause, pauseMax } = policies[name]
      const seconds = Math.min(pauseMax, pause * 2 ** (attempt - 1) * (1 + Math.random()))
      return statements.retry.run(Date.now() + Math.round(seconds * 1000), name, id, attempt).changes === 1
    },

    remove (ids: readonly string[]): void {
      for (const id of ids) for (const name of queueNames) statements.remove.run(name, id)
    }
  }
}
