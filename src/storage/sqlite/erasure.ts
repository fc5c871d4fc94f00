import { type ErasureStore, toErased, toExpired, withErased, withExpired } from '../subjects/erasure.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'

/** @param subjects in the order in which they erase; the users themselves are the last */
export function sqliteErasure (
  { db, write, emptyLog }: SqliteConnection, audit: SqliteAudit, subjects: readonly SqliteSubject<unknown>[]
): SqliteSubject<ErasureStore> {
  const isEnrolled = db.prepare('SELECT 1 FROM users WHERE username = ?')

  return {
    methods: {
      async deleteUser (username, entry) {
        const erased = await write(() => {
          if (isEnrolled.get(username) === undefined) return null
          const erased = toErased(subjects.map(subject => subject.erase?.(username) ?? {}))
          audit.append(withErased(entry, erased))
          return erased
        })
        if (erased !== null) await emptyLog()
        return erased
      },
      async removeBefore (moment, entry) {
        const { expired, removal } = await write(() => {
          const expired = toExpired(subjects.map(subject => subject.expire?.(moment) ?? {}))
          const removal = withExpired(entry, expired)
          if (removal !== null) audit.append(removal)
          return { expired, removal }
        })
        if (removal !== null) await emptyLog()
        return expired
      }
    }
  }
}
