import type { Sealed, Sealer } from '../sealer.ts'
import type { PostgresConnection } from './connection.ts'

/** Encrypts every `body` in a table that is not under the current key; the call answers with their number. */
export function resealing (
  { transaction }: PostgresConnection,
  sealer: Sealer,
  table: 'answers' | 'jobs' | 'reviews',
  contextOf: (id: string) => string
) {
  return (): Promise<number> =>
    transaction(async ({ query }) => {
      const { rows } = await query<Sealed & { id: string }>(
        `
      SELECT id, body AS bytes, key_id AS "keyId" FROM ${table}
      WHERE body IS NOT NULL AND key_id IS DISTINCT FROM $1 FOR UPDATE`,
        [sealer.keyId]
      )
      for (const { id, ...sealed } of rows) {
        const { bytes, keyId } = sealer.seal(sealer.open(sealed, contextOf(id)), contextOf(id))
        await query(`UPDATE ${table} SET body = $2, key_id = $3 WHERE id = $1`, [id, Buffer.from(bytes), keyId])
      }
      return rows.length
    })
}
