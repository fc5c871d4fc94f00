/**
 * The connections to PostgreSQL: a pool, transactions and locks, with the server's faults in words. Beside
 * postgres-faults.ts the only importer of pg.
 */
import pg from 'pg'
import { ConfigError } from '../config/config.ts'
import type { Db } from './pg-boss-queue.ts'
import { explain, isUnreachable, unreachable } from './postgres-faults.ts'

/** Longest wait for a connection, in the pool's queue included, milliseconds. */
const connectionTimeout = 5000

/** Longest wait for an answer, milliseconds: the network may be gone without a word. */
const queryTimeout = 30_000

/** Runs one statement; rows have ISO 8601 texts for times. */
export type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<{ rows: Row[], count: number }>

/**
 * Connects to `url` with at most `poolMax` connections, each made when it is needed.
 * @throws {ConfigError} when the URL cannot be read
 */
export function connectPostgres (url: string, poolMax: number) {
  const where = describe(url)
  const pool = new pg.Pool({
    connectionString: url,
    max: poolMax,
    connectionTimeoutMillis: connectionTimeout,
    query_timeout: queryTimeout,
    keepAlive: true,
    application_name: 'eco-connect-verification'
  })
  // A connection that breaks emits 'error', which would end the process when nobody listens. The pool replaces an idle
  // one; whoever uses the other gets the fault as the answer to its query.
  pool.on('error', () => {})
  pool.on('connect', client => { client.on('error', () => {}) })

  /** Lends a connection, for our own statements and for those of the queue; one that broke is not used again. */
  const connected = async <T>(work: (query: Query, db: Db) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch(error => { throw unreachable(where, error) })
    let broken = false
    const run = async (sql: string, values?: unknown[]) => client.query(sql, values).catch(error => {
      const fault = explain(where, error)
      broken ||= isUnreachable(fault)
      throw fault
    })
    const query: Query = async <Row extends object>(sql: string, values: unknown[] = []) => {
      const { rows, rowCount } = await run(sql, values)
      return { rows: rows.map(row => withIsoTimes<Row>(row)), count: rowCount ?? 0 }
    }
    try {
      return await work(query, { executeSql: run })
    } finally {
      client.release(broken)
    }
  }

  /** Of the queue outside of transactions. A connection on which a statement failed may be inside one of the queue's own: the pool drops it. */
  const queueDb: Db = {
    executeSql: (sql, values) => pool.query(sql, values).catch(error => { throw explain(where, error) })
  }

  const transaction = <T>(work: (query: Query, db: Db) => Promise<T>): Promise<T> => connected(async (query, db) => {
    await query('BEGIN')
    try {
      const result = await work(query, db)
      await query('COMMIT')
      return result
    } catch (error) {
      // Without a connection the server rolls back by itself; the first error is the one to report.
      if (!isUnreachable(error)) await query('ROLLBACK').catch(() => {})
      throw error
    }
  })

  /** One writer of a user at a time, also of one that does not exist yet and has no row to lock. */
  const changing = <T>(username: string, work: (query: Query, db: Db) => Promise<T>): Promise<T> => transaction(async (query, db) => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`user ${username}`])
    return work(query, db)
  })

  return { where, connected, transaction, changing, queueDb, closing: () => pool.ending, close: () => pool.end() }
}

/** The server in words, without the password. */
function describe (url: string): string {
  try {
    const { host, port, database } = new pg.Client({ connectionString: url })
    return `PostgreSQL database ${database} at ${host}:${port}`
  } catch {
    throw new ConfigError('DATABASE_URL cannot be read; it is expected as postgres://user:password@host:port/database, with special characters percent-encoded')
  }
}

function withIsoTimes<Row extends object> (row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value])) as Row
}
