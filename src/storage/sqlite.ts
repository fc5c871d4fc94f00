/**
 * The default store: one SQLite file in write-ahead-log mode, safe for several processes on one host (not on a network
 * file system). node:sqlite is synchronous, so a transaction is one uninterrupted piece of code in this process, and
 * BEGIN IMMEDIATE keeps the other processes out.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { checkUsername, embeddingToBytes, enrolled, toPage, toUser, type UserShotRow } from './rows.ts'
import { migrations } from './sqlite-migrations.ts'
import type { Store, User, UserSummary } from './store.ts'
import { refuseNewer, StoreError, type StoreErrorCode } from './store-error.ts'

export const databaseName = 'eco-connect.sqlite'

/** How long a writer waits for another process, milliseconds. */
const busyTimeout = 5000

/**
 * Opens the database in `folder`; creates both (modes 0700 and 0600) when they are missing, and brings the schema up to date.
 * @throws {StoreError} when the file is no database, damaged, not writable or written by a newer version
 */
export async function openSqlite (folder: string): Promise<Store> {
  const file = join(folder, databaseName)
  const explained = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw explain(error, file)
    }
  }

  createPrivately(folder, file)
  const db = explained(() => new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true }))
  try {
    await enterWalMode(db)
    // FULL: a commit reaches the disk before it is acknowledged. secure_delete: erased bytes are overwritten.
    db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    migrate(db, file)
  } catch (error) {
    db.close()
    throw explain(error, file)
  }

  const statements = prepare(db)
  const findUser = (username: string): User | null =>
    toUser(statements.findUser.all(username) as unknown as UserShotRow[])

  return {
    kind: 'sqlite',

    async findUser (username) {
      checkUsername(username)
      return explained(() => findUser(username))
    },

    async saveUser (username, change) {
      checkUsername(username)
      return explained(() => transaction(db, () => {
        const current = findUser(username)
        const user = enrolled(username, current, change(current))
        const { model, preprocessing, dimension } = user.contract
        statements.upsertUser.run(username, model, preprocessing, dimension, user.createdAt, user.updatedAt)
        statements.deleteShots.run(username)
        user.shots.forEach(({ sha256, embedding, createdAt }, position) =>
          statements.insertShot.run(username, position, sha256, embeddingToBytes(embedding), createdAt))
        return user
      }))
    },

    async listUsers ({ limit, after }) {
      if (after !== undefined) checkUsername(after)
      return explained(() => toPage(statements.listUsers.all(after ?? '', limit + 1) as unknown as UserSummary[], limit))
    },

    async deleteUser (username) {
      checkUsername(username)
      return explained(() => {
        const erased = transaction(db, () => {
          const verifications = Number(statements.blankVerifications.run(username).changes)
          const shots = Number(statements.deleteShots.run(username).changes)
          return statements.deleteUser.run(username).changes === 0 ? null : { shots, verifications }
        })
        // The log still holds the erased pages; a reader in another process can hold this back until the next deletion.
        if (erased !== null) statements.emptyLog.all()
        return erased
      })
    },

    async countUsers () {
      return explained(() => Number(statements.countUsers.get()?.count))
    },

    async recordVerification (record) {
      checkUsername(record.username)
      explained(() => statements.insertVerification.run({
        ...record, reasons: JSON.stringify(record.reasons), models: JSON.stringify(record.models)
      }))
    },

    async check () {
      explained(() => statements.readAnything.get())
    },

    async close () {
      if (db.isOpen) db.close()
    }
  }
}

function prepare (db: DatabaseSync) {
  return {
    findUser: db.prepare(`
      SELECT username, users.created_at AS createdAt, updated_at AS updatedAt, model, preprocessing, dimension,
        sha256, embedding, shots.created_at AS shotCreatedAt
      FROM users JOIN shots USING (username) WHERE username = ? ORDER BY position`),
    upsertUser: db.prepare(`
      INSERT INTO users (username, model, preprocessing, dimension, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (username) DO UPDATE SET
        model = excluded.model, preprocessing = excluded.preprocessing, dimension = excluded.dimension, updated_at = excluded.updated_at`),
    insertShot: db.prepare('INSERT INTO shots (username, position, sha256, embedding, created_at) VALUES (?, ?, ?, ?, ?)'),
    deleteShots: db.prepare('DELETE FROM shots WHERE username = ?'),
    deleteUser: db.prepare('DELETE FROM users WHERE username = ?'),
    blankVerifications: db.prepare('UPDATE verifications SET username = NULL WHERE username = ?'),
    // The default collation compares UTF-8 bytes, which is the order of code points.
    listUsers: db.prepare(`
      SELECT username, created_at AS createdAt, updated_at AS updatedAt,
        (SELECT count(*) FROM shots WHERE shots.username = users.username) AS shots
      FROM users WHERE username > ? ORDER BY username LIMIT ?`),
    countUsers: db.prepare('SELECT count(*) AS count FROM users'),
    // The user may have been deleted since the photo came in: then the record is kept without the name.
    insertVerification: db.prepare(`
      INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, created_at)
      VALUES (:id, :requestId, (SELECT username FROM users WHERE username = :username), :task, :status, :reasons, :similarity,
        :livenessScore, :photo, :models, :createdAt)`),
    readAnything: db.prepare('SELECT username FROM users LIMIT 1'),
    emptyLog: db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  }
}

function transaction<T> (db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Takes the write lock even when there is nothing to do, so that a file that cannot be written stops the start. */
function migrate (db: DatabaseSync, file: string): void {
  transaction(db, () => {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    refuseNewer(file, version, migrations.length)
    for (const step of migrations.slice(version)) db.exec(step)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

/**
 * Opens nothing that exists: closing a second descriptor of an open database would drop this process's locks on it
 * (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 */
function createPrivately (folder: string, file: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (isCode(error, 'EEXIST') && error.path === file) return
    if (isCode(error, 'EACCES') || isCode(error, 'EROFS') || isCode(error, 'EPERM')) {
      throw new StoreError('store_read_only', `${file} cannot be created (${error.code}): give the service a DATA_DIR that it may write to`, error)
    }
    throw new StoreError('store_unreachable', `${file} cannot be created: ${messageOf(error)}; set DATA_DIR to a folder`, error)
  }
}

/** SQLite does not wait for another process that enters WAL mode at the same moment, it fails at once. */
async function enterWalMode (db: DatabaseSync): Promise<void> {
  const deadline = Date.now() + busyTimeout
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (sqliteCode(error) !== SQLITE_BUSY || Date.now() > deadline) throw error
      await sleep(10)
    }
  }
}

/** Primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const faults: Record<number, [StoreErrorCode, (file: string) => string]> = {
  [SQLITE_BUSY]: ['store_busy', file => `${file} stayed locked by another process for ${busyTimeout} ms: see what holds it, then try again`],
  8: ['store_read_only', file => `${file} cannot be written: give the service write permission on the file and its folder`],
  10: ['store_unreachable', file => `${file} cannot be read or written by the disk: check the disk, then restart`],
  11: ['store_corrupt', file => `${file} is damaged: restore a backup`],
  13: ['store_full', file => `${file} cannot grow, the disk is full: free some space`],
  14: ['store_unreachable', file => `${file} cannot be opened: check that DATA_DIR is a folder the service may read and write`],
  26: ['store_corrupt', file => `${file} is not an SQLite database: restore a backup, or move the file away to start empty`]
}

function explain (error: unknown, file: string): unknown {
  const fault = faults[sqliteCode(error) ?? 0]
  if (fault === undefined) return error
  const [code, sentence] = fault
  return new StoreError(code, `${sentence(file)} (${messageOf(error)})`, error)
}

/** The low byte of an extended result code is the primary one. */
function sqliteCode (error: unknown): number | undefined {
  return isCode(error, 'ERR_SQLITE_ERROR') && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

function isCode (error: unknown, code: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && error.code === code
}

function messageOf (error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
