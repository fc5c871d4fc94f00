import type { LimitStore, RequestCount } from '../subjects/limits.ts'
import type { PostgresConnection, PostgresSubject } from './connection.ts'

export function postgresLimits ({ connected }: PostgresConnection): PostgresSubject<LimitStore> {
  return {
    methods: {
      async countRequest ({ id, now, until }) {
        const { rows: [row] } = await connected(query => query<RequestCount>(`
          INSERT INTO request_counts AS current (id, count, until) VALUES ($1, 1, $3)
          ON CONFLICT (id) DO UPDATE SET
            count = CASE WHEN current.until > $2 THEN current.count + 1 ELSE 1 END,
            until = CASE WHEN current.until > $2 THEN current.until ELSE excluded.until END
          RETURNING count, until`, [id, now, until]))
        return row!
      },
      async removeRequestCounts (before) {
        await connected(query => query('DELETE FROM request_counts WHERE until < $1', [before]))
      }
    }
  }
}
