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
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import type { SqliteFailures } from './failures.ts'
import type { SqliteIdempotency } from './idempotency.ts'
import type { SqliteReviews } from './reviews.ts'
import { revisionOf } from './revision.ts'
import type { SqliteSketches } from './sketches.ts'

export interface SqliteUserMethods extends Omit<UserStore, 'saveUser'> {
  /** Writes an enrolment that was decided for the user of this revision; null when the user was changed since. */
  replaceUser (username: string, revision: string | null, enrolment: Enrolment): Promise<User | null>
}

export function sqliteUsers (
  connection: SqliteConnection, sealer: Sealer, audit: SqliteAudit, locks: SqliteIdempotency, sketches: SqliteSketches,
  failures: SqliteFailures, reviews: SqliteReviews
): SqliteSubject<SqliteUserMethods> {
  const { read, write } = connection
  const statements = prepare(connection)
  const find = (username: string): User | null =>
    toUser(statements.find.all(username) as unknown as UserShotRow[], sealer)
  const replaceShots = ({ username, shots }: User): void => {
    statements.deleteShots.run(username)
    shots.forEach((shot, position) => {
      const { embedding, keyId } = sealEmbedding(sealer, username, shot)
      statements.insertShot.run(
        username,
        position,
        shot.sha256,
        embedding,
        keyId,
        shot.createdAt,
        Number(shot.anchor === true)
      )
    })
  }

  return {
    erase (username) {
      const shots = Number(statements.deleteShots.run(username).changes)
      statements.delete.run(username)
      return { shots }
    },
    async reseal () {
      let shots = 0
      for (const { username } of await read(() => statements.sealedOtherwise.all(sealer.keyId))) {
        await write(() => {
          const user = find(String(username))
          if (user === null) return
          replaceShots(user)
          shots += user.shots.length
        })
      }
      return shots
    },
    methods: {
      findUser: username => read(() => find(username)),
      replaceUser: (username, revision, enrolment) => write(() => {
        const current = find(username)
        if (revisionOf(current) !== revision) return null
        const user = enrolled(username, current, enrolment)
        const { names } = enrolment
        if (current === null && names !== undefined && statements.taken.get({ username, ...names }) !== undefined) {
          throw nameTaken()
        }
        const { model, preprocessing, dimension } = user.contract
        statements.upsert.run(username, model, preprocessing, dimension, user.consent, user.createdAt, user.updatedAt)
        if (current === null && names !== undefined) statements.keyName.run({ username, ...names })
        replaceShots(user)
        sketches.add(username, enrolment.sketches)
        reviews.add(enrolment.review)
        const { limit } = enrolment
        if (limit !== undefined && !failures.add(username, limit.failed, limit)) throw new GuessingLockedError()
        locks.settle(enrolment.settle)
        if (enrolment.audit !== undefined) audit.append(enrolment.audit)
        return user
      }),
      listUsers: ({ limit, after }) => read(() =>
        toUserPage(statements.list.all(after ?? '', limit + 1) as unknown as UserSummary[], limit)),
      countUsers: () => read(() => Number(statements.count.get()?.count)),
      spellings: lookup => read(() => statements.spellings.all(lookup).map(({ username }) => String(username))),
      namesWithoutKeys: limit => read(() => statements.withoutKeys.all(limit).map(({ username }) => String(username))),
      keyNames: names => write(() => names.forEach(name => statements.keyName.run({ ...name })))
    }
  }
}

function prepare ({ db }: SqliteConnection) {
  return {
    find: db.prepare(`
      SELECT username, users.created_at AS createdAt, updated_at AS updatedAt, model, preprocessing, dimension, consent,
        sha256, embedding, key_id AS keyId, shots.created_at AS shotCreatedAt, anchor
      FROM users JOIN shots USING (username) WHERE username = ? ORDER BY position`),
    upsert: db.prepare(`
      INSERT INTO users (username, model, preprocessing, dimension, consent, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (username) DO UPDATE SET
        model = excluded.model, preprocessing = excluded.preprocessing, dimension = excluded.dimension,
        consent = excluded.consent, updated_at = excluded.updated_at`),
    insertShot: db.prepare(
      'INSERT INTO shots (username, position, sha256, embedding, key_id, created_at, anchor) VALUES (?, ?, ?, ?, ?, ?, ?)'
    ),
    deleteShots: db.prepare('DELETE FROM shots WHERE username = ?'),
    delete: db.prepare('DELETE FROM users WHERE username = ?'),
    // The default collation compares UTF-8 bytes, which is the order of code points.
    list: db.prepare(`
      SELECT username, created_at AS createdAt, updated_at AS updatedAt,
        (SELECT count(*) FROM shots WHERE shots.username = users.username) AS shots
      FROM users WHERE username > ? ORDER BY username LIMIT ?`),
    taken: db.prepare('SELECT 1 FROM users WHERE (skeleton = :skeleton OR lookup = :lookup) AND username <> :username'),
    spellings: db.prepare('SELECT username FROM users WHERE lookup = ? ORDER BY username LIMIT 2'),
    withoutKeys: db.prepare('SELECT username FROM users WHERE lookup IS NULL LIMIT ?'),
    keyName: db.prepare('UPDATE users SET lookup = :lookup, skeleton = :skeleton WHERE username = :username'),
    count: db.prepare('SELECT count(*) AS count FROM users'),
    sealedOtherwise: db.prepare('SELECT DISTINCT username FROM shots WHERE key_id IS NOT ? ORDER BY username')
  }
}
