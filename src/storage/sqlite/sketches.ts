import { type NewSketch, MATCHES_MAX, refuseLater, type SketchMatch, type SketchStore } from '../subjects/sketches.ts'
import type { Sealer } from '../sealer.ts'
import { openDetail, resealDetail, sealDetail } from '../sketch-detail.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import { openSketchSearch } from './sketch-search.ts'

/** Details that are encrypted anew in one transaction. */
const RESEALED = 500

export interface SqliteSketches extends SqliteSubject<SketchStore> {
  /** Stores the sketches of an enrolled user, in the caller's transaction; a face replaces the user's last one. */
  add (username: string, sketches: readonly NewSketch[] | undefined): void
  close (): Promise<void>
}

export function sqliteSketches (connection: SqliteConnection, sealer: Sealer): SqliteSketches {
  const { read, write, file } = connection
  const statements = prepare(connection)
  const search = openSketchSearch(file)
  const add = (username: string, { kind, ref, bits, keyId, detail = null, unless }: NewSketch): void => {
    if (unless !== undefined) {
      const later = statements.later.all({ kind, keyId, upTo: unless.upTo, username, self: Number(kind === 'face') })
      refuseLater({ bits, keyId }, unless.limit, later.map(row => row.bits as Uint8Array))
    }
    if (kind === 'face') statements.deleteFace.run(username)
    statements.insert.run({ username, kind, ref, bits, keyId, detail: detail && sealDetail(sealer, ref, detail) })
  }

  return {
    add (username, sketches = []) {
      for (const sketch of sketches) add(username, sketch)
    },
    erase (username) {
      statements.erase.run(username)
      return {}
    },
    // Of proofs whose records are gone; those of enrolment photos stay with their user.
    expire () {
      statements.removeOrphans.run()
      return {}
    },
    async reseal () {
      let count = 0
      for (let after: unknown = 0; ;) {
        const rows = await write(() =>
          statements.details.all({ after: Number(after), limit: RESEALED }).map(({ seq, ref, detail }) => {
            const resealed = resealDetail(sealer, String(ref), detail as Uint8Array)
            if (resealed !== null) count += Number(statements.replaceDetail.run(resealed, seq!).changes)
            return seq
          })
        )
        if (rows.length === 0) return count
        after = rows.at(-1)
      }
    },
    close: () => search.close(),
    methods: {
      async searchSketches (kind, queries, limit) {
        const { found, upTo } = await search.find(kind, queries, limit)
        const matches = await read(() =>
          found.slice(0, MATCHES_MAX).flatMap(({ id, distance }) => {
            const row = statements.match.get(id)
            if (row === undefined) return []
            const match = { ...row, distance } as SketchMatch
            return [{ ...match, detail: openDetail(sealer, match.ref, match.detail) }]
          })
        )
        return { matches, upTo }
      },
      usersWithoutSketch: (keyId, limit) =>
        read(() => statements.without.all({ keyId, limit }).map(({ username }) => String(username))),
      saveFaceSketch: (username, sketch) =>
        write(() => {
          if (statements.isEnrolled.get(username) !== undefined) add(username, { ...sketch, kind: 'face', ref: '' })
        })
    }
  }
}

function prepare ({ db }: SqliteConnection) {
  return {
    // A user who was deleted since gets no sketch.
    insert: db.prepare(`
      INSERT INTO sketches (username, kind, ref, bits, key_id, detail)
      SELECT username, :kind, :ref, :bits, :keyId, :detail FROM users WHERE username = :username`),
    isEnrolled: db.prepare('SELECT 1 FROM users WHERE username = ?'),
    deleteFace: db.prepare("DELETE FROM sketches WHERE username = ? AND kind = 'face'"),
    erase: db.prepare('DELETE FROM sketches WHERE username = ?'),
    match: db.prepare('SELECT username, ref, detail FROM sketches WHERE seq = ?'),
    later: db.prepare(`
      SELECT bits FROM sketches WHERE kind = :kind AND seq > :upTo AND key_id IS :keyId AND NOT (:self AND username = :username)`),
    details: db.prepare(
      'SELECT seq, ref, detail FROM sketches WHERE detail IS NOT NULL AND seq > :after ORDER BY seq LIMIT :limit'
    ),
    replaceDetail: db.prepare('UPDATE sketches SET detail = ? WHERE seq = ?'),
    removeOrphans: db.prepare(`
      DELETE FROM sketches WHERE kind IN ('photo', 'view') AND ref NOT LIKE 'shot:%' AND NOT EXISTS (SELECT 1 FROM verifications WHERE id = ref)`),
    without: db.prepare(`
      SELECT username FROM users
      WHERE NOT EXISTS (SELECT 1 FROM sketches WHERE sketches.username = users.username AND kind = 'face' AND key_id IS :keyId)
      ORDER BY username LIMIT :limit`)
  }
}
