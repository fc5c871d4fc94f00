import type { Sealer } from '../sealer.ts'
import {
  ANSWER_COLUMNS,
  answerContext,
  type AnswerRow,
  type IdempotencyStore,
  lockLost,
  lockResult,
  type Settlement,
  toPersonalAnswer
} from '../subjects/idempotency.ts'
import {
  advisoryLock,
  type PostgresConnection,
  type PostgresSubject,
  type Query,
  type Transaction
} from './connection.ts'
import { partOf, partValues } from './part.ts'
import { resealing } from './reseal.ts'

export interface PostgresIdempotency extends PostgresSubject<IdempotencyStore> {
  /** Stores the answer, if any, in the caller's transaction; rejects when the lock is lost. */
  settle (transaction: Transaction, settlement: Settlement | undefined): Promise<void>
}

export function postgresIdempotency (connection: PostgresConnection, sealer: Sealer): PostgresIdempotency {
  const { connected, transaction } = connection
  const settled = async (query: Query, { id, owner, answer }: Settlement): Promise<boolean> => {
    const { bytes, keyId } = sealer.seal(answer.body, answerContext(id))
    const { count } = await query(
      `
      UPDATE answers SET status = $3, body = $4, key_id = $5, headers = $6 WHERE id = $1 AND owner = $2 AND status IS NULL`,
      [id, owner, answer.status, Buffer.from(bytes), keyId, JSON.stringify(answer.headers)]
    )
    return count > 0
  }

  return {
    async settle ({ query }, settlement) {
      if (settlement !== undefined && !await settled(query, settlement)) throw lockLost()
    },
    async erase ({ query }, username) {
      return { answers: (await query('DELETE FROM answers WHERE username = $1', [username])).count }
    },
    reseal: resealing(connection, sealer, 'answers', answerContext),
    methods: {
      acquireIdempotencyLock: request => transaction(async transaction => {
        const { id, username, fingerprint, owner, now, lockedUntil } = request
        const { query } = transaction
        await advisoryLock(transaction, `answer ${id}`)
        const {
          rows: [row]
        } = await query<AnswerRow>(`SELECT ${ANSWER_COLUMNS} FROM answers WHERE id = $1 FOR UPDATE`, [id])
        const result = lockResult(row, request, sealer)
        if (result.state === 'locked') {
          await query('DELETE FROM answers WHERE id = $1', [id])
          await query(
            'INSERT INTO answers (id, username, fingerprint, owner, lease_until, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
            [id, username, fingerprint, owner, lockedUntil, now]
          )
        }
        return result
      }),
      async settleIdempotencyLock (settlement) {
        await connected(query => settled(query, settlement))
      },
      async releaseIdempotencyLock ({ id, owner }) {
        await connected(query =>
          query('DELETE FROM answers WHERE id = $1 AND owner = $2 AND status IS NULL', [id, owner])
        )
      },
      async removeAnswers (before) {
        return (await connected(query => query('DELETE FROM answers WHERE created_at < $1', [before]))).count
      },
      async answersOf (username, part) {
        const { rows } = await connected(query => query<AnswerRow>(`
          SELECT ${ANSWER_COLUMNS} FROM answers ${partOf('id')}`, partValues(username, part)))
        return rows.map(row => toPersonalAnswer(row, sealer))
      }
    }
  }
}
