import type { ChallengeStore, ChallengeUse, StoredChallenge } from '../subjects/challenges.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import type { SqliteIdempotency } from './idempotency.ts'

const COLUMNS = `id, request_id AS requestId, username, steps, key_name AS "key", created_at AS createdAt, expires_at AS expiresAt, status, reasons,
  checks, judged_at AS judgedAt`

export interface SqliteChallenges extends SqliteSubject<ChallengeStore> {
  /** Uses a passed challenge up, in the caller's transaction; false when there is none. */
  use (use: ChallengeUse): boolean
}

export function sqliteChallenges (
  { db, read, write, emptyLog }: SqliteConnection,
  audit: SqliteAudit,
  locks: SqliteIdempotency
): SqliteChallenges {
  const insert = db.prepare(`
    INSERT INTO challenges (id, request_id, username, steps, key_name, created_at, expires_at, status, reasons)
    SELECT :id, :requestId, username, :steps, :key, :createdAt, :expiresAt, 'pending', '[]' FROM users WHERE username = :username`)
  const find = db.prepare(`SELECT ${COLUMNS} FROM challenges WHERE id = ?`)
  const ofUser = db.prepare(`SELECT ${COLUMNS} FROM challenges WHERE username = ? ORDER BY created_at, id`)
  const start = db.prepare(
    "UPDATE challenges SET status = 'judging' WHERE id = ? AND status = 'pending' AND expires_at > ?"
  )
  const stop = db.prepare("UPDATE challenges SET status = 'pending' WHERE id = ? AND status = 'judging'")
  const end = db.prepare(`
    UPDATE challenges SET status = :status, reasons = :reasons, checks = :checks, judged_at = :judgedAt, expires_at = :expiresAt
    WHERE id = :id AND status = 'judging'`)
  const use = db.prepare(
    "UPDATE challenges SET status = 'used' WHERE id = :id AND username = :username AND status = 'passed' AND expires_at > :now"
  )
  const erase = db.prepare('DELETE FROM challenges WHERE username = ?')
  const removeBefore = db.prepare('DELETE FROM challenges WHERE expires_at < ?')

  return {
    use: ({ id, username, now }) => use.run({ id, username, now }).changes === 1,
    erase: username => ({ challenges: Number(erase.run(username).changes) }),
    methods: {
      addChallenge: (challenge, { audit: entry, settle }) =>
        write(() => {
          const added = insert.run({ ...challenge, steps: JSON.stringify(challenge.steps) }).changes === 1
          if (!added) return false
          locks.settle(settle)
          audit.append(entry)
          return true
        }),
      findChallenge: id =>
        read(() => {
          const row = find.get(id)
          return row === undefined ? null : toChallenge(row)
        }),
      startChallenge: (id, now) => write(() => start.run(id, now).changes === 1),
      async stopChallenge (id) {
        await write(() => stop.run(id))
      },
      endChallenge: ({ reasons, ...ended }, { audit: entry, settle }) =>
        write(() => {
          end.run({ ...ended, reasons: JSON.stringify(reasons) })
          locks.settle(settle)
          audit.append(entry)
        }),
      challengesOf: username => read(() => ofUser.all(username).map(toChallenge)),
      async removeChallenges (before) {
        const removed = await write(() => Number(removeBefore.run(before).changes))
        if (removed > 0) await emptyLog()
        return removed
      }
    }
  }
}

function toChallenge (row: Record<string, unknown>): StoredChallenge {
  return { ...row, steps: JSON.parse(String(row.steps)), reasons: JSON.parse(String(row.reasons)) } as StoredChallenge
}
