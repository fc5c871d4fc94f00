import { refuseNewer, StoreError } from '../store-error.ts'
import { advisoryLock, type Transaction } from './connection.ts'
import { migrations } from './migrations.ts'

/**
 * Updates the schema. The lock makes instances that start together migrate one after the other.
 * @param where the server in words
 * @throws {StoreError} for a database in another encoding than UTF8, or of a newer version
 */
export async function migrate (transaction: Transaction, where: string): Promise<void> {
  const { query } = transaction
  await advisoryLock(transaction, 'schema')
  const { rows: [server] } = await query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding")
  if (server?.encoding !== 'UTF8') {
    throw new StoreError('store_unsupported', `${where} is encoded in ${server?.encoding}, expected UTF8: create the database with ENCODING 'UTF8'`)
  }

  await query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
  const { rows: [schema] } = await query<{ version: number }>('SELECT version FROM schema_version')
  const version = schema?.version ?? 0
  refuseNewer(where, version, migrations.length)
  if (version === migrations.length) return
  for (const step of migrations.slice(version)) await query(step)
  await query('DELETE FROM schema_version')
  await query('INSERT INTO schema_version (version) VALUES ($1)', [migrations.length])
}
