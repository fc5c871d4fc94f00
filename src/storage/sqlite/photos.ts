import type { KeptPhoto, PhotoStore } from '../subjects/photos.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import { partOf, partValues } from './part.ts'

const COLUMNS = 'name, username, kind, sha256, verification, created_at AS createdAt'

export function sqlitePhotos ({ db, read, write }: SqliteConnection): SqliteSubject<PhotoStore> {
  const insert = db.prepare(`
    INSERT INTO photos (name, username, kind, sha256, verification, created_at)
    SELECT :name, username, :kind, :sha256, :verification, :createdAt FROM users WHERE username = :username`)
  const ofUser = db.prepare(`SELECT ${COLUMNS} FROM photos ${partOf('name')}`)
  const find = db.prepare(`SELECT ${COLUMNS} FROM photos WHERE username = ? AND name = ?`)
  const proofs = db.prepare(`
    SELECT ${COLUMNS} FROM photos WHERE username IN (SELECT value FROM json_each(?)) AND verification IN (SELECT value FROM json_each(?))`)
  const removeShot = db.prepare(
    "DELETE FROM photos WHERE username = ? AND sha256 = ? AND kind = 'enrol' RETURNING name"
  )
  const known = db.prepare('SELECT name FROM photos WHERE name IN (SELECT value FROM json_each(?))')
  const eraseOfUser = db.prepare('DELETE FROM photos WHERE username = ? RETURNING name')
  const removeBefore = db.prepare('DELETE FROM photos WHERE created_at < ? RETURNING name')
  const namesOf = (rows: Record<string, unknown>[]): string[] => rows.map(({ name }) => String(name))

  return {
    erase: username => ({ photos: namesOf(eraseOfUser.all(username)) }),
    expire: before => ({ photos: namesOf(removeBefore.all(before)) }),
    methods: {
      addPhoto: photo => write(() => insert.run({ ...photo }).changes === 1),
      listPhotos: (username, part) =>
        read(() => (ofUser.all(partValues(username, part)) as unknown as KeptPhoto[]).map(photo => ({ ...photo }))),
      findPhoto: (username, name) =>
        read(() => {
          const row = find.get(username, name) as unknown as KeptPhoto | undefined
          return row === undefined ? null : { ...row }
        }),
      proofPhotos: (usernames, verifications) =>
        read(() =>
          (proofs.all(JSON.stringify(usernames), JSON.stringify(verifications)) as unknown as KeptPhoto[]).map(
            photo => ({ ...photo })
          )
        ),
      removeShotPhotos: (username, sha256) => write(() => namesOf(removeShot.all(username, sha256))),
      knownPhotos: names => read(() => new Set(namesOf(known.all(JSON.stringify(names)))))
    }
  }
}
