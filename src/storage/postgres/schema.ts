import { refuseNewer, StoreError } from '../store-error.ts'
import { advisoryLock, connectPostgres, type Query, type Transaction } from './connection.ts'
import { migrations } from './migrations.ts'
import { schemaOf } from './tenant-schema.ts'

/**
 * Updates the schema. The lock makes instances that start together migrate one after the other.
 * @param where the server in words
 * @param tenant whose schema it is; null: the default one
 * @throws {StoreError} for a database in another encoding than UTF8, or of a newer version
 */
export async function migrate (transaction: Transaction, where: string, tenant: string | null = null): Promise<void> {
  const { query } = transaction
  await advisoryLock(transaction, 'schema')
  const { rows: [server] } = await query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding")
  if (server?.encoding !== 'UTF8') {
    throw new StoreError(
      'store_unsupported',
      `${where} is encoded in ${server?.encoding}, expected UTF8: create the database with ENCODING 'UTF8'`
    )
  }

  if (tenant !== null) await createSchema(query, schemaOf(tenant))
  await query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
  const { rows: [schema] } = await query<{ version: number }>('SELECT version FROM schema_version')
  const version = schema?.version ?? 0
  refuseNewer(where, version, migrations.length)
  if (version === migrations.length) return
  for (const step of migrations.slice(version)) await query(step)
  await keepOutOfStatistics(query)
  await query('DELETE FROM schema_version')
  await query('INSERT INTO schema_version (version) VALUES ($1)', [migrations.length])
}

/** A role that may not create schemas works in the one that was made for it. */
async function createSchema (query: Query, name: string): Promise<void> {
  const { count } = await query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [name])
  if (count === 0) await query(`CREATE SCHEMA ${name}`)
}

/** Columns, of any table, that name a person or describe a face. */
const PERSONAL = [
  'username',
  'consent',
  'sha256',
  'photo',
  'photos',
  'embedding',
  'body',
  'bits',
  'detail',
  'decisions',
  'sketches'
]

/**
 * The planner's statistics hold samples of values, and outlive their rows: none of what is personal. Setting a column's
 * type, be it the same, drops the statistics that it has.
 */
async function keepOutOfStatistics (query: Query): Promise<void> {
  const { rows } = await query<{ statement: string }>(
    `
    SELECT format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0, ALTER COLUMN %2$I TYPE %s %s', relname, attname,
      format_type(atttypid, atttypmod), 'COLLATE ' || quote_ident(collname)) AS statement
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attname = ANY($1) AND attstattarget IS DISTINCT FROM 0`,
    [PERSONAL]
  )
  for (const { statement } of rows) await query(statement)
}

/**
 * Looks without creating anything.
 * @throws {StoreError} `store_unreachable` for a database that no service has used
 */
export async function refuseWithoutSchema (url: string): Promise<void> {
  const { connected, where, close } = connectPostgres(url, 1)
  try {
    const {
      rows: [found]
    } = await connected(query => query<{ name: string | null }>("SELECT to_regclass('schema_version')::text AS name"))
    if (found?.name == null) {
      throw new StoreError(
        'store_unreachable',
        `${where} holds nothing of the service: set DATABASE_URL to its database.`
      )
    }
  } finally {
    await close()
  }
}
