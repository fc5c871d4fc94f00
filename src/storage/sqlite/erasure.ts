import {
  type ErasureStore,
  type PendingErasure,
  REWRITE_MAX_BYTES,
  REWRITE_PAUSE_MS,
  REWRITE_SHARE,
  toErased,
  toExpired,
  withErased,
  withExpired
} from '../subjects/erasure.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'

/** A file of this size is rewritten before the erasure is answered. */
const REWRITE_AT_ONCE_BYTES = 8 * 1024 * 1024

/** @param subjects in the order in which they erase; the users themselves are the last */
export function sqliteErasure (
  connection: SqliteConnection, audit: SqliteAudit, subjects: readonly SqliteSubject<unknown>[]
): SqliteSubject<ErasureStore> {
  const { db, write, emptyLog } = connection
  const isEnrolled = db.prepare('SELECT 1 FROM users WHERE username = ?')
  const { mark, pending, finish } = finishing(connection)

  return {
    methods: {
      async deleteUser (username, entry) {
        const erased = await write(() => {
          if (isEnrolled.get(username) === undefined) return null
          const erased = toErased(subjects.map(subject => subject.erase?.(username) ?? {}))
          audit.append(withErased(entry, erased))
          mark()
          return erased
        })
        return erased === null ? null : { ...erased, pending: await finish(REWRITE_AT_ONCE_BYTES) }
      },
      async removeBefore (moment, entry) {
        const { expired, removal } = await write(() => {
          const expired = toExpired(subjects.map(subject => subject.expire?.(moment) ?? {}))
          const removal = withExpired(entry, expired)
          if (removal !== null) audit.append(removal)
          return { expired, removal }
        })
        if (removal !== null) await emptyLog()
        return expired
      },
      pendingErasures: pending,
      finishErasures: ({ force = false } = {}) => finish(force ? Infinity : REWRITE_MAX_BYTES)
    }
  }
}

/**
 * secure_delete overwrites what is deleted, but not the copies that SQLite leaves in the free space of a page when it
 * moves rows to a neighbour: only a rewrite of the file removes them. What is pending stands in the database.
 */
function finishing ({ db, read, write, emptyLog, logPending, rewrite }: SqliteConnection) {
  const insert = db.prepare("INSERT OR REPLACE INTO pending_erasures (part, since) VALUES ('free_pages', ?)")
  const find = db.prepare("SELECT since FROM pending_erasures WHERE part = 'free_pages'")
  const remove = db.prepare("DELETE FROM pending_erasures WHERE part = 'free_pages' AND since = ?")
  const size = db.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
  let timer: NodeJS.Timeout | undefined
  let lastMs = 0

  /** The erasure that is still in free pages; null: none. */
  const waiting = (): Promise<string | null> => read(() => find.get()?.since as string | undefined ?? null)

  const schedule = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      finish(REWRITE_MAX_BYTES).catch(schedule)
    }, Math.max(REWRITE_PAUSE_MS, REWRITE_SHARE * lastMs)).unref()
  }

  const pending = async (): Promise<PendingErasure[]> => [
    ...logPending() ? ['write_ahead_log' as const] : [],
    ...await waiting() !== null ? ['free_pages' as const] : []
  ]

  const rewriteUpTo = async (maxBytes: number): Promise<void> => {
    const since = await waiting()
    if (since === null) return
    const bytes = await read(() => Number(size.get()?.bytes))
    if (bytes > maxBytes) {
      if (bytes <= REWRITE_MAX_BYTES) schedule()
      return
    }
    const start = Date.now()
    await rewrite({ inMemory: bytes <= REWRITE_MAX_BYTES })
    lastMs = Date.now() - start
    await write(() => remove.run(since))
  }

  /** The erasure itself is done: a file that is locked or a full disk only leaves this part for later. */
  const finish = async (maxBytes: number): Promise<PendingErasure[]> => {
    await rewriteUpTo(maxBytes).catch(schedule)
    await emptyLog().catch(schedule)
    return pending()
  }

  // What a process left that ended before it was done.
  emptyLog().then(waiting).then(since => { if (since !== null) schedule() }).catch(schedule)
  return { pending, finish, mark: () => { insert.run(`${new Date().toISOString()} ${Math.random()}`) } }
}
