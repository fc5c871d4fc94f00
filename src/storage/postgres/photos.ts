import type { KeptPhoto, PhotoStore } from '../subjects/photos.ts'
import type { PostgresConnection, PostgresSubject } from './connection.ts'
import { partOf, partValues } from './part.ts'

const COLUMNS = 'name, username, kind, sha256, verification, created_at AS "createdAt"'

export function postgresPhotos ({ connected }: PostgresConnection): PostgresSubject<PhotoStore> {
  return {
    async erase ({ query }, username) {
      const { rows } = await query<{ name: string }>('DELETE FROM photos WHERE username = $1 RETURNING name', [
        username
      ])
      return { photos: rows.map(({ name }) => name) }
    },
    async expire ({ query }, before) {
      // Rows that somebody else is changing wait for the next time, so that no two transactions wait for each other.
      const { rows } = await query<{ name: string }>(
        `
        DELETE FROM photos WHERE name IN (SELECT name FROM photos WHERE created_at < $1 FOR UPDATE SKIP LOCKED) RETURNING name`,
        [before]
      )
      return { photos: rows.map(({ name }) => name) }
    },
    methods: {
      async addPhoto ({ name, username, kind, sha256, verification, createdAt }) {
        const { count } = await connected(query => query(`
          INSERT INTO photos (name, username, kind, sha256, verification, created_at)
          SELECT $1, username, $3, $4, $5, $6::timestamptz FROM users WHERE username = $2 FOR KEY SHARE`,
        [name, username, kind, sha256, verification, createdAt]))
        return count === 1
      },
      async listPhotos (username, part) {
        const { rows } = await connected(query => query<KeptPhoto>(`
          SELECT ${COLUMNS} FROM photos ${partOf('name')}`, partValues(username, part)))
        return rows
      },
      async findPhoto (username, name) {
        const { rows: [row] } = await connected(query => query<KeptPhoto>(`
          SELECT ${COLUMNS} FROM photos WHERE username = $1 AND name = $2`, [username, name]))
        return row ?? null
      },
      async proofPhotos (usernames, verifications) {
        const { rows } = await connected(query =>
          query<KeptPhoto>(
            `
          SELECT ${COLUMNS} FROM photos WHERE username = ANY($1) AND verification = ANY($2)`,
            [usernames, verifications]
          )
        )
        return rows
      },
      async removeShotPhotos (username, sha256) {
        const { rows } = await connected(query =>
          query<{ name: string }>(
            `
          DELETE FROM photos WHERE username = $1 AND sha256 = $2 AND kind = 'enrol' RETURNING name`,
            [username, sha256]
          )
        )
        return rows.map(({ name }) => name)
      },
      async knownPhotos (names) {
        const { rows } = await connected(query =>
          query<{ name: string }>('SELECT name FROM photos WHERE name = ANY($1)', [names])
        )
        return new Set(rows.map(({ name }) => name))
      }
    }
  }
}
