import { type FailureLimit, type FailureStore, toCount, type Window, windowOf } from '../subjects/failures.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'

export interface SqliteFailures extends SqliteSubject<FailureStore> {
  /** Adds failures in the caller's transaction, none for 0; false when there were too many already. */
  add (username: string, failures: number, limit: FailureLimit): boolean
}

/**
 * @param clock milliseconds since 1970; by default one that no step of the system's clock moves while the process runs
 */
export function sqliteFailures (
  { db, read, write }: SqliteConnection,
  clock = () => Math.floor(performance.timeOrigin + performance.now())
): SqliteFailures {
  const ofUser = db.prepare('SELECT at FROM failures WHERE username = ? ORDER BY at')
  const insert = db.prepare('INSERT INTO failures (username, at) SELECT username, ? FROM users WHERE username = ?')
  const remove = db.prepare('DELETE FROM failures WHERE username = ? AND at <= ?')
  const removeBefore = db.prepare('DELETE FROM failures WHERE at < ?')
  const timesOf = (username: string): number[] => ofUser.all(username).map(({ at }) => Number(at))
  const look = (username: string, windowMs: number): Window => windowOf(timesOf(username), clock(), windowMs)
  const add = (username: string, failures: number, { max, windowMs }: FailureLimit): boolean => {
    const { count, time, since } = look(username, windowMs)
    if (count >= max) return false
    remove.run(username, since)
    for (let i = 0; i < failures; i++) insert.run(time, username)
    return true
  }

  return {
    add,
    expire (before) {
      removeBefore.run(Date.parse(before))
      return {}
    },
    methods: {
      countFailures: (username, windowMs) => read(() => toCount(look(username, windowMs))),
      addFailures: (username, failures, limit) => write(() => add(username, failures, limit)),
      failuresOf: username => read(() => timesOf(username).map(time => new Date(time).toISOString()))
    }
  }
}
