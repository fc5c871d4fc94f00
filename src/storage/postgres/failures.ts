import { type FailureLimit, type FailureStore, toCount, type Window, windowOf } from '../subjects/failures.ts'
import {
  advisoryLock,
  type PostgresConnection,
  type PostgresSubject,
  type Query,
  type Transaction
} from './connection.ts'
import { holdUser } from './hold-user.ts'

export interface PostgresFailures extends PostgresSubject<FailureStore> {
  /**
   * Adds failures in the caller's transaction, which holds the user, none for 0; false when there were too many
   * already.
   */
  add(transaction: Transaction, username: string, failures: number, limit: FailureLimit): Promise<boolean>
}

export function postgresFailures ({ connected, transaction }: PostgresConnection): PostgresFailures {
  const add = async (
    transaction: Transaction,
    username: string,
    failures: number,
    { max, windowMs }: FailureLimit
  ): Promise<boolean> => {
    const { query } = transaction
    // Guesses at one user come one after the other, so that each sees the failures before it.
    await advisoryLock(transaction, `failures ${username}`)
    const { count, time, since } = await look(query, username, windowMs)
    if (count >= max) return false
    await query('DELETE FROM failures WHERE username = $1 AND at <= $2', [username, since])
    if (failures > 0) {
      await query(
        'INSERT INTO failures (username, at) SELECT username, $2 FROM users, generate_series(1, $3) WHERE username = $1',
        [username, time, failures]
      )
    }
    return true
  }

  return {
    add,
    async expire ({ query }, before) {
      await query('DELETE FROM failures WHERE at < $1', [Date.parse(before)])
      return {}
    },
    methods: {
      countFailures: (username, windowMs) => connected(async query => toCount(await look(query, username, windowMs))),
      addFailures: (username, failures, limit) =>
        transaction(async transaction => {
          await holdUser(transaction.query, username)
          return add(transaction, username, failures, limit)
        }),
      failuresOf: username =>
        connected(async query => (await timesOf(query, username)).map(time => new Date(time).toISOString()))
    }
  }
}

/** By the server's clock, which all instances share. */
async function look (query: Query, username: string, windowMs: number): Promise<Window> {
  const {
    rows: [row]
  } = await query<{ clock: string }>('SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS clock')
  return windowOf(await timesOf(query, username), Number(row!.clock), windowMs)
}

async function timesOf (query: Query, username: string): Promise<number[]> {
  const { rows } = await query<{ at: string }>('SELECT at FROM failures WHERE username = $1 ORDER BY at', [username])
  return rows.map(({ at }) => Number(at))
}
