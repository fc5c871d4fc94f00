/**
 * The connection to the SQLite file: its transactions, with the file's faults in words. Every subject works through one
 * handle. node:sqlite is synchronous, so a transaction is one uninterrupted piece of code in this process, and BEGIN
 * IMMEDIATE keeps the other processes out. SQLite itself never waits for another process: a locked out process retries
 * again after a pause, during which the thread serves everybody else.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import type { Erased, Expired } from '../subjects/erasure.ts'
import { refuseNewer, StoreError } from '../store-error.ts'
import { BUSY_TIMEOUT_MS, explain, isBusy, isCode } from './faults.ts'
import { migrations } from './migrations.ts'

export const databaseName = 'eco-connect.sqlite'

/** Longest pause between two looks whether a lock is free. */
const LONGEST_PAUSE_MS = 20

/** Pause before the log is tried again. */
const LOG_RETRY_MS = 1000

/** How long a counter waits for a lock: it must not hold its request back. */
const FAST_TIMEOUT_MS = 1000

export interface SqliteConnection {
  /** Path of the database. */
  file: string
  /** For statements that are prepared once; they run inside `read` and `write` only. */
  db: DatabaseSync
  /**
   * @throws {StoreError} for faults of the file, `store_busy` for a lock that lasts; other errors pass through, as
   * below
   */
  read<T>(work: () => T): Promise<T>
  /** One transaction, after those that were asked for before; an error rolls it back. */
  write<T>(work: () => T): Promise<T>
  /** As `write`, without waiting for the disk, and for a lock a second at most: a power cut may undo it. */
  writeFast<T>(work: () => T): Promise<T>
  /**
   * Empties the write-ahead log, which still holds the pages of what was erased. False when a reader in another process
   * keeps it; then it is tried again until it is done.
   */
  emptyLog(): Promise<boolean>
  /** True while the log waits to be emptied. */
  logPending(): boolean
  /** Rewrites the whole file, between two transactions; the copy on the way lies in memory or in a temporary file. */
  rewrite(options: { inMemory: boolean }): Promise<void>
  close(): void
}

/** One subject on SQLite: its methods, and its part in what concerns every subject. */
export interface SqliteSubject<Methods> {
  methods: Methods
  /** Erases what names a person, in the caller's transaction. */
  erase? (username: string): Partial<Erased>
  /** Removes what is older than a moment, in the caller's transaction. */
  expire? (before: string): Partial<Expired>
  /** Encrypts every value that is not under the current key; answers with their number. */
  reseal? (): Promise<number>
}

/**
 * Opens the database in `folder`; creates both (modes 0700 and 0600) when they are missing, and updates the schema.
 * @throws {StoreError} when the file is no database, damaged, not writable or written by a newer version
 */
export async function connectSqlite (folder: string): Promise<SqliteConnection> {
  const file = join(folder, databaseName)
  createPrivately(folder, file)
  let db: DatabaseSync | undefined
  try {
    // While it opens, nobody else needs the thread.
    db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
    await enterWalMode(db)
    // FULL: a commit reaches the disk before it is acknowledged. secure_delete: erased bytes are overwritten.
    db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    migrate(db, file)
    db.exec('PRAGMA busy_timeout = 0')
  } catch (error) {
    db?.close()
    throw explain(file, error)
  }
  return handleOf(db, file)
}

function handleOf (db: DatabaseSync, file: string): SqliteConnection {
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  const patiently = async <T>(work: () => T, deadline: number): Promise<T> => {
    try {
      return await untilFree(work, deadline)
    } catch (error) {
      throw explain(file, error)
    }
  }
  // One writer of this process at a time tries; the others wait for it, each until its own deadline.
  let lastWrite: Promise<unknown> = Promise.resolve()
  const queued = <T>(work: () => T, timeoutMs: number): Promise<T> => {
    const deadline = Date.now() + timeoutMs
    const written = lastWrite.then(() => patiently(work, deadline))
    lastWrite = written.catch(() => {})
    return written
  }

  let retry: NodeJS.Timeout | undefined
  const emptyLog = async (): Promise<boolean> => {
    clearTimeout(retry)
    retry = undefined
    const row = await patiently(() => checkpoint.get(), Date.now())
    if (row?.busy === 0) return true
    retry = setTimeout(() => { emptyLog().catch(() => {}) }, LOG_RETRY_MS).unref()
    return false
  }

  return {
    file,
    db,
    read: work => patiently(work, Date.now() + BUSY_TIMEOUT_MS),
    write: work => queued(() => transaction(db, work), BUSY_TIMEOUT_MS),
    writeFast: work => queued(() => {
      db.exec('PRAGMA synchronous = NORMAL')
      try {
        return transaction(db, work)
      } finally {
        db.exec('PRAGMA synchronous = FULL')
      }
    }, FAST_TIMEOUT_MS),
    emptyLog,
    logPending: () => retry !== undefined,
    rewrite: ({ inMemory }) => queued(
      () => db.exec(`PRAGMA temp_store = ${inMemory ? 'MEMORY' : 'FILE'}; VACUUM`), BUSY_TIMEOUT_MS),
    close () {
      clearTimeout(retry)
      if (db.isOpen) db.close()
    }
  }
}

/** Tries again while another process holds a lock, after pauses that grow. */
async function untilFree<T> (work: () => T, deadline: number): Promise<T> {
  for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error
    }
    await sleep(pause)
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
      throw new StoreError('store_read_only',
        `${file} cannot be created (${error.code}): give the service a DATA_DIR that it may write to`, error)
    }
    throw new StoreError('store_unreachable',
      `${file} cannot be created: ${(error as Error).message}; set DATA_DIR to a folder`, error)
  }
}

/** SQLite does not wait for another process that enters WAL mode at the same moment, it fails at once. */
async function enterWalMode (db: DatabaseSync): Promise<void> {
  const deadline = Date.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      // A new file gets pages that hold three embeddings of 512 floats each instead of one and a rest.
      db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
      await sleep(10)
    }
  }
}
