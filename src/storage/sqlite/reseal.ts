import type { Sealed, Sealer } from '../sealer.ts'
import type { SqliteConnection } from './connection.ts'

/** Encrypts every `body` in a table that is not under the current key; the call answers with their number. */
export function resealing (
  { db, write }: SqliteConnection,
  sealer: Sealer,
  table: 'answers' | 'jobs' | 'reviews',
  contextOf: (id: string) => string
) {
  const find = db.prepare(
    `SELECT id, body AS bytes, key_id AS keyId FROM ${table} WHERE body IS NOT NULL AND key_id IS NOT ?`
  )
  const replace = db.prepare(`UPDATE ${table} SET body = ?, key_id = ? WHERE id = ?`)
  return (): Promise<number> =>
    write(() => {
      const rows = find.all(sealer.keyId) as unknown as (Sealed & { id: string })[]
      for (const { id, ...sealed } of rows) {
        const { bytes, keyId } = sealer.seal(sealer.open(sealed, contextOf(id)), contextOf(id))
        replace.run(bytes, keyId, id)
      }
      return rows.length
    })
}
