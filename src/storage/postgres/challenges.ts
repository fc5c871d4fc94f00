import type { ChallengeStore, ChallengeUse, StoredChallenge } from '../subjects/challenges.ts'
import { appendAudit } from './audit.ts'
import type { PostgresConnection, PostgresSubject, Transaction } from './connection.ts'
import { holdUser } from './hold-user.ts'
import type { PostgresIdempotency } from './idempotency.ts'

const COLUMNS = `id, request_id AS "requestId", username, steps, key_name AS "key", created_at AS "createdAt", expires_at AS "expiresAt", status,
  reasons, checks, judged_at AS "judgedAt"`

export interface PostgresChallenges extends PostgresSubject<ChallengeStore> {
  /** Uses a passed challenge up, in the caller's transaction; false when there is none. */
  use (transaction: Transaction, use: ChallengeUse): Promise<boolean>
}

export function postgresChallenges (connection: PostgresConnection, locks: PostgresIdempotency): PostgresChallenges {
  return {
    async use ({ query }, { id, username, now }) {
      const { count } = await query(
        `
        UPDATE challenges SET status = 'used' WHERE id = $1 AND username = $2 AND status = 'passed' AND expires_at > $3`,
        [id, username, now]
      )
      return count === 1
    },
    async erase ({ query }, username) {
      return { challenges: (await query('DELETE FROM challenges WHERE username = $1', [username])).count }
    },
    methods: { ...reading(connection), ...judging(connection, locks) }
  }
}

type Reading = Pick<ChallengeStore, 'findChallenge' | 'challengesOf' | 'removeChallenges'>

function reading ({ connected }: PostgresConnection): Reading {
  return {
    async findChallenge (id) {
      const {
        rows: [row]
      } = await connected(query => query<StoredChallenge>(`SELECT ${COLUMNS} FROM challenges WHERE id = $1`, [id]))
      return row ?? null
    },
    async challengesOf (username) {
      const { rows } = await connected(query =>
        query<StoredChallenge>(
          `
        SELECT ${COLUMNS} FROM challenges WHERE username = $1 ORDER BY created_at, id COLLATE "C"`,
          [username]
        )
      )
      return rows
    },
    async removeChallenges (before) {
      return (await connected(query => query('DELETE FROM challenges WHERE expires_at < $1', [before]))).count
    }
  }
}

/** A challenge from its beginning to the judgement of its frames. */
function judging (
  { connected, transaction }: PostgresConnection,
  locks: PostgresIdempotency
): Omit<ChallengeStore, keyof Reading> {
  return {
    addChallenge: (challenge, { audit, settle }) =>
      transaction(async transaction => {
        const { query } = transaction
        if (!(await holdUser(query, challenge.username))) return false
        const { id, requestId, username, steps, key, createdAt, expiresAt } = challenge
        await query(
          `
        INSERT INTO challenges (id, request_id, username, steps, key_name, created_at, expires_at, status, reasons)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', '{}')`,
          [id, requestId, username, steps, key, createdAt, expiresAt]
        )
        await locks.settle(transaction, settle)
        await appendAudit(transaction, audit)
        return true
      }),
    async startChallenge (id, now) {
      const { count } = await connected(query =>
        query(
          `
        UPDATE challenges SET status = 'judging' WHERE id = $1 AND status = 'pending' AND expires_at > $2`,
          [id, now]
        )
      )
      return count === 1
    },
    async stopChallenge (id) {
      await connected(query =>
        query("UPDATE challenges SET status = 'pending' WHERE id = $1 AND status = 'judging'", [id])
      )
    },
    endChallenge: ({ id, status, reasons, checks, judgedAt, expiresAt }, { audit, settle }) =>
      transaction(async transaction => {
        const { query } = transaction
        await holdUser(query, audit.username)
        await query(
          `
        UPDATE challenges SET status = $2, reasons = $3, checks = $4, judged_at = $5, expires_at = $6 WHERE id = $1 AND status = 'judging'`,
          [id, status, reasons, checks, judgedAt, expiresAt]
        )
        await locks.settle(transaction, settle)
        await appendAudit(transaction, audit)
      })
  }
}
