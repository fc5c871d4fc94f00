import type { Sealer } from '../sealer.ts'
import { GuessingLockedError } from '../subjects/failures.ts'
import {
  enrolled,
  type Enrolment,
  nameTaken,
  sealEmbedding,
  toUser,
  toUserPage,
  type User,
  type UserShotRow,
  type UserStore,
  type UserSummary
} from '../subjects/users.ts'
import { appendAudit } from './audit.ts'
import {
  advisoryLock,
  type PostgresConnection,
  type PostgresSubject,
  type Query,
  type Transaction
} from './connection.ts'
import type { PostgresFailures } from './failures.ts'
import type { PostgresIdempotency } from './idempotency.ts'
import type { PostgresReviews } from './reviews.ts'
import type { PostgresSketches } from './sketches.ts'

export function postgresUsers (
  { connected, changing }: PostgresConnection, sealer: Sealer, locks: PostgresIdempotency, sketches: PostgresSketches,
  failures: PostgresFailures, reviews: PostgresReviews
): PostgresSubject<UserStore> {
  return {
    async erase ({ query }, username) {
      const { count } = await query('DELETE FROM shots WHERE username = $1', [username])
      await query('DELETE FROM users WHERE username = $1', [username])
      return { shots: count }
    },
    async reseal () {
      const { rows } = await connected(query => query<{ username: string }>(
        'SELECT DISTINCT username FROM shots WHERE key_id IS DISTINCT FROM $1 ORDER BY username', [sealer.keyId]))
      let shots = 0
      for (const { username } of rows) {
        shots += await changing(username, async ({ query }) => {
          const user = await find(query, username, sealer)
          if (user === null) return 0
          await replaceShots(query, user, sealer)
          return user.shots.length
        })
      }
      return shots
    },
    methods: {
      findUser: username => connected(query => find(query, username, sealer)),
      saveUser: (username, change) => changing(username, async transaction => {
        const { query } = transaction
        const current = await find(query, username, sealer)
        const enrolment = change(current)
        const user = enrolled(username, current, enrolment)
        const { names } = enrolment
        if (current === null && names !== undefined) await refuseTaken(transaction, username, names)
        await upsert(query, user)
        if (current === null && names !== undefined) await keyName(query, { username, ...names })
        await replaceShots(query, user, sealer)
        await reviews.add(transaction, enrolment.review)
        await sketches.add(transaction, username, enrolment.sketches)
        const { limit } = enrolment
        if (limit !== undefined && !(await failures.add(transaction, username, limit.failed, limit))) {
          throw new GuessingLockedError()
        }
        await locks.settle(transaction, enrolment.settle)
        if (enrolment.audit !== undefined) await appendAudit(transaction, enrolment.audit)
        return user
      }),
      async listUsers ({ limit, after }) {
        const { rows } = await connected(query => query<UserSummary>(`
          SELECT username, created_at AS "createdAt", updated_at AS "updatedAt",
            (SELECT count(*)::int FROM shots WHERE shots.username = users.username) AS shots
          FROM users WHERE username > $1 ORDER BY username LIMIT $2`, [after ?? '', limit + 1]))
        return toUserPage(rows, limit)
      },
      async countUsers () {
        const { rows } = await connected(query => query<{ count: string }>('SELECT count(*) FROM users'))
        return Number(rows[0]?.count)
      },
      async spellings (lookup) {
        const { rows } = await connected(query =>
          query<{ username: string }>('SELECT username FROM users WHERE lookup = $1 ORDER BY username LIMIT 2', [
            lookup
          ])
        )
        return rows.map(({ username }) => username)
      },
      async namesWithoutKeys (limit) {
        const { rows } = await connected(query =>
          query<{ username: string }>('SELECT username FROM users WHERE lookup IS NULL LIMIT $1', [limit])
        )
        return rows.map(({ username }) => username)
      },
      keyNames: names => connected(async query => {
        for (const name of names) await keyName(query, name)
      })
    }
  }
}

/**
 * One statement, hence one snapshot: a writer in between cannot mix the user of one moment with the shots of another.
 */
async function find (query: Query, username: string, sealer: Sealer): Promise<User | null> {
  const { rows } = await query<UserShotRow>(
    `
    SELECT username, users.created_at AS "createdAt", updated_at AS "updatedAt", model, preprocessing, dimension, consent,
      sha256, embedding, key_id AS "keyId", shots.created_at AS "shotCreatedAt", anchor
    FROM users JOIN shots USING (username) WHERE username = $1 ORDER BY position`,
    [username]
  )
  return toUser(rows, sealer)
}

async function upsert (query: Query, { username, contract, consent, createdAt, updatedAt }: User): Promise<void> {
  await query(
    `
    INSERT INTO users (username, model, preprocessing, dimension, consent, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (username) DO UPDATE SET
      model = excluded.model, preprocessing = excluded.preprocessing, dimension = excluded.dimension,
      consent = excluded.consent, updated_at = excluded.updated_at`,
    [username, contract.model, contract.preprocessing, contract.dimension, consent, createdAt, updatedAt]
  )
}

async function replaceShots (query: Query, { username, shots }: User, sealer: Sealer): Promise<void> {
  const sealed = shots.map(shot => sealEmbedding(sealer, username, shot))
  await query('DELETE FROM shots WHERE username = $1', [username])
  await query(`
    INSERT INTO shots (username, position, sha256, embedding, key_id, created_at, anchor)
    SELECT $1, position, sha256, embedding, key_id, created_at, anchor
    FROM unnest($2::text[], $3::bytea[], $4::text[], $5::timestamptz[], $6::boolean[])
      WITH ORDINALITY AS shot (sha256, embedding, key_id, created_at, anchor, position)`,
  [
    username,
    shots.map(shot => shot.sha256),
    sealed.map(({ embedding }) => Buffer.from(embedding)),
    sealed.map(({ keyId }) => keyId),
    shots.map(shot => shot.createdAt),
    shots.map(shot => shot.anchor === true)
  ])
}

type KeyedName = { username: string } & NonNullable<Enrolment['names']>

/** New names that look alike come one after the other, so that one of them sees the other. */
async function refuseTaken (
  transaction: Transaction,
  username: string,
  { lookup, skeleton }: NonNullable<Enrolment['names']>
): Promise<void> {
  for (const key of [`lookup ${lookup}`, `skeleton ${skeleton}`]) await advisoryLock(transaction, key)
  const { count } = await transaction.query(
    'SELECT 1 FROM users WHERE (skeleton = $1 OR lookup = $2) AND username <> $3',
    [skeleton, lookup, username]
  )
  if (count > 0) throw nameTaken()
}

async function keyName (query: Query, { username, lookup, skeleton }: KeyedName): Promise<void> {
  await query('UPDATE users SET lookup = $2, skeleton = $3 WHERE username = $1', [username, lookup, skeleton])
}
