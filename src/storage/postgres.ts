/**
 * The store for several hosts: PostgreSQL 11 or later, a database encoded in UTF8. What a deletion erases stays in the
 * server's files until it vacuums, and in its log archives and backups until those are dropped.
 */
import pg from 'pg'
import { ConfigError } from '../config.ts'
import { migrations } from './postgres-migrations.ts'
import { checkUsername, embeddingToBytes, enrolled, toPage, toUser, type UserShotRow } from './rows.ts'
import type { Store, User, UserSummary } from './store.ts'
import { refuseNewer, StoreError, type StoreErrorCode } from './store-error.ts'

/** Longest wait for a connection, in the pool's queue included, milliseconds. */
const connectionTimeout = 5000

/** Longest wait for an answer, milliseconds: the network may be gone without a word. */
const queryTimeout = 30_000

/** Runs one statement; rows have ISO 8601 texts for times. */
type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<{ rows: Row[], count: number }>

/**
 * Connects to `url` (postgres://user:password@host:port/database) with at most `poolMax` connections, and brings the
 * schema up to date.
 * @throws {ConfigError} when the URL cannot be read
 * @throws {StoreError} when the server cannot be reached, or its database was written by a newer version
 */
export async function openPostgres (url: string, poolMax: number): Promise<Store> {
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

  /** Lends a connection; one that broke is not used again. */
  const connected = async <T>(work: (query: Query) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch(error => { throw unreachable(where, error) })
    let broken = false
    const query: Query = async <Row extends object>(sql: string, values: unknown[] = []) => {
      const { rows, rowCount } = await client.query(sql, values).catch(error => {
        const fault = explain(where, error)
        broken ||= isUnreachable(fault)
        throw fault
      })
      return { rows: rows.map(row => withIsoTimes<Row>(row)), count: rowCount ?? 0 }
    }
    try {
      return await work(query)
    } finally {
      client.release(broken)
    }
  }

  const transaction = <T>(work: (query: Query) => Promise<T>): Promise<T> => connected(async query => {
    await query('BEGIN')
    try {
      const result = await work(query)
      await query('COMMIT')
      return result
    } catch (error) {
      // Without a connection the server rolls back by itself; the first error is the one to report.
      if (!isUnreachable(error)) await query('ROLLBACK').catch(() => {})
      throw error
    }
  })

  /** One writer of a user at a time, also of one that does not exist yet and has no row to lock. */
  const changing = <T>(username: string, work: (query: Query) => Promise<T>): Promise<T> => transaction(async query => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`user ${username}`])
    return work(query)
  })

  try {
    await transaction(query => migrate(query, where))
  } catch (error) {
    await pool.end()
    throw error
  }

  return {
    kind: 'postgres',

    async findUser (username) {
      checkUsername(username)
      return connected(query => findUser(query, username))
    },

    async saveUser (username, change) {
      checkUsername(username)
      return changing(username, async query => {
        const current = await findUser(query, username)
        const user = enrolled(username, current, change(current))
        const { model, preprocessing, dimension } = user.contract
        await query(`
          INSERT INTO users (username, model, preprocessing, dimension, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
          ON CONFLICT (username) DO UPDATE SET
            model = excluded.model, preprocessing = excluded.preprocessing, dimension = excluded.dimension, updated_at = excluded.updated_at`,
        [username, model, preprocessing, dimension, user.createdAt, user.updatedAt])
        await query('DELETE FROM shots WHERE username = $1', [username])
        await query(`
          INSERT INTO shots (username, position, sha256, embedding, created_at)
          SELECT $1, position, sha256, embedding, created_at
          FROM unnest($2::text[], $3::bytea[], $4::timestamptz[]) WITH ORDINALITY AS shot (sha256, embedding, created_at, position)`,
        [
          username,
          user.shots.map(shot => shot.sha256),
          user.shots.map(shot => Buffer.from(embeddingToBytes(shot.embedding))),
          user.shots.map(shot => shot.createdAt)
        ])
        return user
      })
    },

    async listUsers ({ limit, after }) {
      if (after !== undefined) checkUsername(after)
      const { rows } = await connected(query => query<UserSummary>(`
        SELECT username, created_at AS "createdAt", updated_at AS "updatedAt",
          (SELECT count(*)::int FROM shots WHERE shots.username = users.username) AS shots
        FROM users WHERE username > $1 ORDER BY username LIMIT $2`, [after ?? '', limit + 1]))
      return toPage(rows, limit)
    },

    async deleteUser (username) {
      checkUsername(username)
      return changing(username, async query => {
        // Locking the row holds back new records of the user, so that the counts are exact.
        const { count } = await query('SELECT 1 FROM users WHERE username = $1 FOR UPDATE', [username])
        if (count === 0) return null
        const verifications = await query('UPDATE verifications SET username = NULL WHERE username = $1', [username])
        const shots = await query('DELETE FROM shots WHERE username = $1', [username])
        await query('DELETE FROM users WHERE username = $1', [username])
        return { shots: shots.count, verifications: verifications.count }
      })
    },

    async countUsers () {
      const { rows } = await connected(query => query<{ count: string }>('SELECT count(*) FROM users'))
      return Number(rows[0]?.count)
    },

    async recordVerification (record) {
      checkUsername(record.username)
      // The user may have been deleted since the photo came in: then the record is kept without the name.
      await connected(query => query(`
        INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, created_at)
        VALUES ($1, $2, (SELECT username FROM users WHERE username = $3 FOR KEY SHARE), $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        record.id, record.requestId, record.username, record.task, record.status, record.reasons, record.similarity,
        record.livenessScore, record.photo, record.models, record.createdAt
      ]))
    },

    async check () {
      await connected(query => query('SELECT username FROM users LIMIT 1'))
    },

    async close () {
      if (!pool.ending) await pool.end()
    }
  }
}

/** One statement, hence one snapshot: a writer in between cannot mix the user of one moment with the shots of another. */
async function findUser (query: Query, username: string): Promise<User | null> {
  const { rows } = await query<UserShotRow>(`
    SELECT username, users.created_at AS "createdAt", updated_at AS "updatedAt", model, preprocessing, dimension,
      sha256, embedding, shots.created_at AS "shotCreatedAt"
    FROM users JOIN shots USING (username) WHERE username = $1 ORDER BY position`, [username])
  return toUser(rows)
}

/** The lock makes instances that start together migrate one after the other. */
async function migrate (query: Query, where: string): Promise<void> {
  await query("SELECT pg_advisory_xact_lock(hashtextextended('schema', 0))")
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

/** By SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const faults: Record<string, [StoreErrorCode, string]> = {
  '08': ['store_unreachable', 'lost the connection: see whether the server runs, then try again'],
  '57P': ['store_unreachable', 'closed the connection: see whether the server runs, then try again'],
  25006: ['store_read_only', 'takes no writes: point DATABASE_URL to the primary server'],
  53100: ['store_full', 'cannot grow, its disk is full: free some space'],
  53300: ['store_busy', 'has no connection left: lower DATABASE_POOL_MAX or raise max_connections'],
  XX001: ['store_corrupt', 'is damaged: restore a backup'],
  XX002: ['store_corrupt', 'has a damaged index: REINDEX it, or restore a backup']
}

/** What is not the server's own answer is a fault of the connection. */
function explain (where: string, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return unreachable(where, error)
  const state = error.code ?? ''
  const fault = faults[state] ?? faults[state.slice(0, 3)] ?? faults[state.slice(0, 2)]
  if (fault === undefined) return error
  const [code, sentence] = fault
  return new StoreError(code, `${where} ${sentence} (${error.message})`, error)
}

function unreachable (where: string, error: unknown): StoreError {
  return new StoreError('store_unreachable', `${where} cannot be reached: see whether DATABASE_URL is right and the server runs (${reason(error)})`, error)
}

function isUnreachable (error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store_unreachable'
}

/** A host with several addresses fails with an AggregateError, whose own message is empty. */
function reason (error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ')
  return error instanceof Error ? error.message : String(error)
}
