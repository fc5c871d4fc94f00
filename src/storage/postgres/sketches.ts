import {
  MATCHES_MAX,
  type NewSketch,
  SketchRaceError,
  type SketchMatch,
  type SketchStore
} from '../subjects/sketches.ts'
import type { Sealer } from '../sealer.ts'
import { openDetail, resealDetail, sealDetail } from '../sketch-detail.ts'
import { advisoryLock, type PostgresConnection, type PostgresSubject, type Transaction } from './connection.ts'
import { holdUser } from './hold-user.ts'

/** Details that are encrypted anew in one transaction. */
const RESEALED = 500

export interface PostgresSketches extends PostgresSubject<SketchStore> {
  /** Stores the sketches of an enrolled user, in the caller's transaction; a face replaces the user's last one. */
  add (transaction: Transaction, username: string, sketches: readonly NewSketch[] | undefined): Promise<void>
}

export function postgresSketches (connection: PostgresConnection, sealer: Sealer): PostgresSketches {
  const { connected, transaction } = connection
  const add = async (
    transaction: Transaction,
    username: string,
    sketches: readonly NewSketch[] = []
  ): Promise<void> => {
    for (const { detail = null, ...sketch } of sketches) {
      await addOne(transaction, username, { ...sketch, detail: detail && sealDetail(sealer, sketch.ref, detail) })
    }
  }
  return {
    add,
    async erase ({ query }, username) {
      await query('DELETE FROM sketches WHERE username = $1', [username])
      return {}
    },
    // Of proofs whose records are gone; those of enrolment photos stay with their user.
    async expire ({ query }) {
      await query(`
        DELETE FROM sketches WHERE kind IN ('photo', 'view') AND ref NOT LIKE 'shot:%'
          AND NOT EXISTS (SELECT 1 FROM verifications WHERE id = ref)`)
      return {}
    },
    reseal: resealing(connection, sealer),
    methods: {
      searchSketches: searching(connection, sealer),
      async usersWithoutSketch (keyId, limit) {
        const { rows } = await connected(query =>
          query<{ username: string }>(
            `
          SELECT username FROM users WHERE NOT EXISTS (
            SELECT 1 FROM sketches WHERE sketches.username = users.username AND kind = 'face' AND key_id IS NOT DISTINCT FROM $1)
          ORDER BY username LIMIT $2`,
            [keyId, limit]
          )
        )
        return rows.map(({ username }) => username)
      },
      saveFaceSketch: (username, sketch) => transaction(async transaction => {
        if (await holdUser(transaction.query, username)) {
          await addOne(transaction, username, { ...sketch, kind: 'face', ref: '' })
        }
      })
    }
  }
}

/** Encrypts the details anew that are not under the current key; returns how many. */
function resealing ({ transaction }: PostgresConnection, sealer: Sealer): () => Promise<number> {
  return async () => {
    let count = 0
    for (let after = '0'; ;) {
      const last = await transaction(async ({ query }) => {
        const { rows } = await query<{ seq: string; ref: string; detail: Uint8Array }>(
          'SELECT seq, ref, detail FROM sketches WHERE detail IS NOT NULL AND seq > $1 ORDER BY seq LIMIT $2 FOR UPDATE',
          [after, RESEALED]
        )
        for (const { seq, ref, detail } of rows) {
          const resealed = resealDetail(sealer, ref, detail)
          if (resealed !== null) {
            count += (await query('UPDATE sketches SET detail = $2 WHERE seq = $1', [seq, resealed])).count
          }
        }
        return rows.at(-1)?.seq
      })
      if (last === undefined) return count
      after = last
    }
  }
}

function searching ({ connected }: PostgresConnection, sealer: Sealer): SketchStore['searchSketches'] {
  return async (kind, queries, limit) => {
    return connected(async query => {
      const {
        rows: [last]
      } = await query<{ upTo: string | null }>('SELECT max(seq) AS "upTo" FROM sketches WHERE kind = $1', [kind])
      const upTo = Number(last?.upTo ?? 0)
      if (queries.length === 0) return { matches: [], upTo }
      // Each query as a constant: joined to a list of them, it would be read anew for every row, at four times the
      // cost.
      const found = queries.map((_, i) => {
        const distance = `bit_count(bits # $${4 + 2 * i}::bit(512))`
        return `SELECT seq, username, ref, detail, ${distance}::int AS distance FROM sketches
            WHERE kind = $1 AND key_id IS NOT DISTINCT FROM $${5 + 2 * i}::text AND ${distance} <= $2`
      })
      const { rows } = await query<SketchMatch>(
          `
          SELECT username, ref, detail, min(distance) AS distance FROM (${found.join(' UNION ALL ')}) AS found
          GROUP BY seq, username, ref, detail ORDER BY distance LIMIT $3`,
          [kind, limit, MATCHES_MAX, ...queries.flatMap(({ bits, keyId }) => [bitText(bits), keyId])]
      )
      const matches = rows.map(match => ({ ...match, detail: openDetail(sealer, match.ref, match.detail) }))
      return { matches, upTo }
    })
  }
}

async function addOne (
  transaction: Transaction,
  username: string,
  { kind, ref, bits, keyId, detail = null, unless }: NewSketch
): Promise<void> {
  const { query } = transaction
  // Numbers are given in the order of the commits, so that nothing is added below one that a search has seen.
  await advisoryLock(transaction, `sketches ${kind}`)
  if (unless !== undefined) {
    const { count } = await query(
      `
      SELECT 1 FROM sketches WHERE kind = $1 AND seq > $2 AND key_id IS NOT DISTINCT FROM $3
        AND NOT ($1 = 'face' AND username = $4) AND bit_count(bits # $5::bit(512)) <= $6 LIMIT 1`,
      [kind, unless.upTo, keyId, username, bitText(bits), unless.limit]
    )
    if (count > 0) throw new SketchRaceError('something similar was stored at the same moment')
  }
  if (kind === 'face') await query("DELETE FROM sketches WHERE username = $1 AND kind = 'face'", [username])
  // A user who was deleted since gets no sketch.
  await query(
    `
    INSERT INTO sketches (username, kind, ref, bits, key_id, detail)
    SELECT username, $2, $3, $4::bit(512), $5, $6 FROM users WHERE username = $1`,
    [username, kind, ref, bitText(bits), keyId, detail === null ? null : Buffer.from(detail)]
  )
}

/** The bits as PostgreSQL writes them. */
function bitText (bits: Uint8Array): string {
  return Array.from(bits, byte => byte.toString(2).padStart(8, '0')).join('')
}
