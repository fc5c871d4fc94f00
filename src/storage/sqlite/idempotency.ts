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
import type { Sealer } from '../sealer.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import { partOf, partValues } from './part.ts'
import { resealing } from './reseal.ts'

export interface SqliteIdempotency extends SqliteSubject<IdempotencyStore> {
  /** Stores the answer, if any, in the caller's transaction; throws when the lock is lost. */
  settle (settlement: Settlement | undefined): void
}

export function sqliteIdempotency (connection: SqliteConnection, sealer: Sealer): SqliteIdempotency {
  const { db, read, write, emptyLog } = connection
  const find = db.prepare(`SELECT ${ANSWER_COLUMNS} FROM answers WHERE id = ?`)
  const ofUser = db.prepare(`SELECT ${ANSWER_COLUMNS} FROM answers ${partOf('id')}`)
  const lock = db.prepare(`
    INSERT OR REPLACE INTO answers (id, username, fingerprint, owner, lease_until, created_at) VALUES (?, ?, ?, ?, ?, ?)`)
  const keep = db.prepare(`
    UPDATE answers SET status = ?, body = ?, key_id = ?, headers = ? WHERE id = ? AND owner = ? AND status IS NULL`)
  const release = db.prepare('DELETE FROM answers WHERE id = ? AND owner = ? AND status IS NULL')
  const eraseOfUser = db.prepare('DELETE FROM answers WHERE username = ?')
  const removeBefore = db.prepare('DELETE FROM answers WHERE created_at < ?')

  const settled = ({ id, owner, answer }: Settlement): boolean => {
    const { bytes, keyId } = sealer.seal(answer.body, answerContext(id))
    return keep.run(answer.status, bytes, keyId, JSON.stringify(answer.headers), id, owner).changes > 0
  }

  return {
    settle (settlement) {
      if (settlement !== undefined && !settled(settlement)) throw lockLost()
    },
    erase: username => ({ answers: Number(eraseOfUser.run(username).changes) }),
    reseal: resealing(connection, sealer, 'answers', answerContext),
    methods: {
      acquireIdempotencyLock: request => write(() => {
        const result = lockResult(find.get(request.id) as unknown as AnswerRow | undefined, request, sealer)
        const { id, username, fingerprint, owner, now, lockedUntil } = request
        if (result.state === 'locked') lock.run(id, username, fingerprint, owner, lockedUntil, now)
        return result
      }),
      async settleIdempotencyLock (settlement) {
        await write(() => settled(settlement))
      },
      async releaseIdempotencyLock ({ id, owner }) {
        await write(() => release.run(id, owner))
      },
      async removeAnswers (before) {
        const removed = await write(() => Number(removeBefore.run(before).changes))
        if (removed > 0) await emptyLog()
        return removed
      },
      answersOf: (username, part) => read(() => {
        const rows = ofUser.all(partValues(username, part)) as unknown as AnswerRow[]
        return rows.map(row => toPersonalAnswer(row, sealer))
      })
    }
  }
}
