import type { LimitStore, RequestCount } from '../subjects/limits.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'

export function sqliteLimits ({ db, write, writeFast }: SqliteConnection): SqliteSubject<LimitStore> {
  const count = db.prepare(`
    INSERT INTO request_counts (id, count, until) VALUES (:id, 1, :until)
    ON CONFLICT (id) DO UPDATE SET count = iif(until > :now, count + 1, 1), until = iif(until > :now, until, excluded.until)
    RETURNING count, until`)
  const remove = db.prepare('DELETE FROM request_counts WHERE until < ?')

  return {
    methods: {
      // Fast: a request would otherwise cost as much as an enrolment.
      countRequest: request => writeFast(() => ({ ...count.get(request) as unknown as RequestCount })),
      async removeRequestCounts (before) {
        await write(() => remove.run(before))
      }
    }
  }
}
