/**
 * The connections to PostgreSQL: a pool, transactions and locks, with the server's faults in words. Beside
 * faults.ts the only importer of pg.
 */
import pg from 'pg'
import { ConfigError } from '../../config/config.ts'
import type { Erased, Expired } from '../subjects/erasure.ts'
import type { Db } from './queue.ts'
import { explain, isUnreachable, unreachable } from './faults.ts'

/** Longest wait for a connection, in the pool's queue included. */
const CONNECTION_TIMEOUT_MS = 5000

/** Longest wait for an answer: the network may be gone without a word. */
const QUERY_TIMEOUT_MS = 30_000

/** Runs one statement; rows have ISO 8601 texts for times. */
export type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<{ rows: Row[], count: number }>

export type PostgresConnection = ReturnType<typeof connectPostgres>

/** The statements of one transaction: our own, and those of the queue. */
export interface Transaction {
  query: Query
  db: Db
}

/** One subject on PostgreSQL: its methods, and its part in what concerns every subject. */
export interface PostgresSubject<Methods> {
  methods: Methods
  /** Erases what names a person, in the caller's transaction. */
  erase? (transaction: Transaction, username: string): Promise<Partial<Erased>>
  /** Removes what is older than a moment, in the caller's transaction. */
  expire? (transaction: Transaction, before: string): Promise<Partial<Expired>>
  /** Encrypts every value that is not under the current key; answers with their number. */
  reseal? (): Promise<number>
}

/**
 * Connects to `url` with at most `poolMax` connections, each made when it is needed.
 * @throws {ConfigError} when the URL cannot be read
 */
export function connectPostgres (url: string, poolMax: number) {
  const where = describe(url)
  const pool = new pg.Pool({
    connectionString: url,
    max: poolMax,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'eco-connect-verification'
  })
  // A connection that breaks emits 'error', which would end the process when nobody listens. The pool replaces an idle
  // one; the user of the other gets the fault as the answer to its query.
  pool.on('error', () => {})
  pool.on('connect', client => {
    client.on('error', () => {})
  })

  /** Runs statements on one connection; one that broke is not used again. */
  const connected = async <T>(work: (query: Query, db: Db) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch(error => {
      throw unreachable(where, error)
    })
    let broken = false
    const run = async (sql: string, values?: unknown[]) =>
      client.query(sql, values).catch(error => {
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

  // Of the queue outside of transactions. A connection on which a statement failed may be inside one of the queue's
  // own: the pool drops it.
  const queueDb: Db = {
    executeSql: (sql, values) =>
      pool.query(sql, values).catch(error => {
        throw explain(where, error)
      })
  }

  const transaction = <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    connected(async (query, db) => {
      await query('BEGIN')
      try {
        const result = await work({ query, db })
        await query('COMMIT')
        return result
      } catch (error) {
        // Without a connection the server rolls back by itself; the first error is the one to report.
        if (!isUnreachable(error)) await query('ROLLBACK').catch(() => {})
        throw error
      }
    })

  /** One writer of a user at a time, also of one that does not exist yet and has no row to lock. */
  const changing = <T>(username: string, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    transaction(async transaction => {
      await advisoryLock(transaction, `user ${username}`)
      return work(transaction)
    })

  return { where, connected, transaction, changing, queueDb, closing: () => pool.ending, close: () => pool.end() }
}

/** Transactions with the same name come one after the other, until each ends. */
export async function advisoryLock ({ query }: Transaction, name: string): Promise<void> {
  await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name])
}

/** The server in words, without the password. */
function describe (url: string): string {
  try {
    const { host, port, database } = new pg.Client({ connectionString: url })
    return `PostgreSQL database ${database} at ${host}:${port}`
  } catch {
    throw new ConfigError(
      'DATABASE_URL cannot be read; it is expected as postgres://user:password@host:port/database, ' +
        'with special characters percent-encoded'
    )
  }
}

function withIsoTimes<Row extends object> (row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value])
  ) as Row
}
