import { type ErasureStore, type Erased, type Expired, toErased, toExpired, withErased, withExpired } from '../subjects/erasure.ts'
import { appendAudit } from './audit.ts'
import type { PostgresConnection, PostgresSubject } from './connection.ts'

/** @param subjects in the order in which they erase; the users themselves are the last */
export function postgresErasure (
  { changing, transaction }: PostgresConnection, subjects: readonly PostgresSubject<unknown>[]
): PostgresSubject<ErasureStore> {
  return {
    methods: {
      deleteUser: (username, entry) => changing(username, async transaction => {
        // Locking the row holds back new records of the user, so that the counts are exact.
        const { count } = await transaction.query('SELECT 1 FROM users WHERE username = $1 FOR UPDATE', [username])
        if (count === 0) return null
        const parts: Partial<Erased>[] = []
        for (const subject of subjects) parts.push(await subject.erase?.(transaction, username) ?? {})
        const erased = toErased(parts)
        await appendAudit(transaction, withErased(entry, erased))
        return erased
      }),
      removeBefore: (moment, entry) => transaction(async transaction => {
        const parts: Partial<Expired>[] = []
        for (const subject of subjects) parts.push(await subject.expire?.(transaction, moment) ?? {})
        const expired = toExpired(parts)
        const removal = withExpired(entry, expired)
        if (removal !== null) await appendAudit(transaction, removal)
        return expired
      })
    }
  }
}
