import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SeenPhoto, StoredVerification, VerificationStore } from '../subjects/verifications.ts'
import { toVerificationPage } from '../subjects/verifications.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteChallenges } from './challenges.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import type { SqliteDeferred } from './deferred.ts'
import type { SqliteFailures } from './failures.ts'
import type { SqliteIdempotency } from './idempotency.ts'
import type { SqliteReviews } from './reviews.ts'
import type { SqliteSketches } from './sketches.ts'

const COLUMNS = `id, request_id AS requestId, username, task, status, reasons, similarity, liveness_score AS livenessScore, photo, models, evidence,
  key_name AS "key", created_at AS createdAt`

export function sqliteVerifications (
  connection: SqliteConnection,
  audit: SqliteAudit,
  locks: SqliteIdempotency,
  deferredVerifications: SqliteDeferred,
  sketches: SqliteSketches,
  challenges: SqliteChallenges,
  failures: SqliteFailures,
  reviews: SqliteReviews
): SqliteSubject<VerificationStore> {
  const { read, write, emptyLog } = connection
  const statements = prepare(connection)
  const seenPhoto = (sha256: string, username: string): SeenPhoto => {
    const seen = statements.seenPhoto.get({ sha256, username }) as {
      shot: number
      otherUser: number
      earlier: string | null
    }
    return { ...seen, shot: seen.shot === 1, otherUser: seen.otherUser === 1 }
  }

  return {
    erase: username => ({ verifications: Number(statements.blank.run(username).changes) }),
    expire: before => ({ verifications: Number(statements.removeBefore.run(before).changes) }),
    methods: {
      async recordVerification (
        record,
        {
          audit: entry, exclusive = false, limit, deferred, challenge, settle, sketches: added, review, withdrawSince
        } = {}
      ) {
        let withdrawn = 0
        const recorded = await write(() => {
          if (exclusive && seenPhoto(record.photo, record.username).otherUser) return 'replayed'
          if (limit !== undefined && !failures.add(record.username, limit.failed, limit)) return 'locked'
          if (challenge !== undefined && !challenges.use(challenge)) return 'challenge_used'
          statements.insert.run({
            ...record,
            key: record.key ?? null,
            reasons: JSON.stringify(record.reasons),
            models: JSON.stringify(record.models),
            evidence: record.evidence == null ? null : JSON.stringify(record.evidence)
          })
          sketches.add(record.username, added)
          if (withdrawSince !== undefined) withdrawn = reviews.withdraw(record.username, record.task, withdrawSince)
          reviews.add(review)
          if (deferred !== undefined) deferredVerifications.end(deferred)
          locks.settle(settle)
          if (entry !== undefined) audit.append(entry)
          return 'recorded'
        })
        if (withdrawn > 0) await emptyLog()
        return recorded
      },
      findVerification: id =>
        read(() => {
          const row = statements.find.get(id)
          return row === undefined ? null : toVerification(row)
        }),
      async listVerifications (filter, { limit, after }) {
        const given = Object.entries({ ...filter, ...after }).filter(([, value]) => value !== undefined)
        const values = Object.fromEntries(given)
        const rows = await read(() => statements.list(Object.keys(values)).all({ ...values, limit: limit + 1 }))
        return toVerificationPage(rows.map(toVerification), limit)
      },
      seenPhoto: (sha256, username) => read(() => seenPhoto(sha256, username))
    }
  }
}

function toVerification (row: Record<string, unknown>): StoredVerification {
  return {
    ...row,
    reasons: JSON.parse(String(row.reasons)),
    models: JSON.parse(String(row.models)),
    evidence: row.evidence === null ? null : JSON.parse(String(row.evidence))
  } as StoredVerification
}

function prepare ({ db }: SqliteConnection) {
  return {
    blank: db.prepare('UPDATE verifications SET username = NULL, photo = NULL, evidence = NULL WHERE username = ?'),
    // The user may have been deleted since the photo was sent: then the record is kept without the name.
    insert: db.prepare(`
      INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, evidence, key_name,
        created_at)
      VALUES (:id, :requestId, (SELECT username FROM users WHERE username = :username), :task, :status, :reasons, :similarity,
        :livenessScore, (SELECT :photo FROM users WHERE username = :username), :models,
        (SELECT :evidence FROM users WHERE username = :username), :key, :createdAt)`),
    find: db.prepare(`SELECT ${COLUMNS} FROM verifications WHERE id = ?`),
    list: listing(db),
    seenPhoto: db.prepare(`
      SELECT EXISTS (SELECT 1 FROM shots WHERE sha256 = :sha256) AS shot,
        EXISTS (SELECT 1 FROM verifications WHERE photo = :sha256 AND status = 'approved' AND username <> :username) AS otherUser,
        (SELECT id FROM verifications WHERE photo = :sha256 AND username = :username ORDER BY created_at, id LIMIT 1) AS earlier`),
    removeBefore: db.prepare('DELETE FROM verifications WHERE created_at < ?')
  }
}

/** What each part of a filter, or of a cursor, asks for; `id` goes with `createdAt`. */
const conditions: Record<string, string> = {
  username: 'username = :username',
  task: 'task = :task',
  status: 'status = :status',
  from: 'created_at >= :from',
  to: 'created_at < :to',
  id: '(created_at, id) < (:createdAt, :id)'
}

/** A statement for each combination of parts: an index serves only conditions that are always there. */
function listing (db: DatabaseSync): (parts: readonly string[]) => StatementSync {
  const statements = new Map<string, StatementSync>()
  return parts => {
    const sql = listSql(parts)
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

/** @param parts of a filter and a cursor that are given */
export function listSql (parts: readonly string[]): string {
  const where = ['true', ...parts.flatMap(part => conditions[part] ?? [])].join(' AND ')
  return `SELECT ${COLUMNS} FROM verifications WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT :limit`
}
