import { type AuditEntry, type AuditHead, type AuditRow, emptyHead, nextRow } from '../audit-chain.ts'
import type { AuditStore } from '../subjects/audit.ts'
import type { PostgresConnection, PostgresSubject, Query, Transaction } from './connection.ts'
import { holdUser } from './hold-user.ts'

const COLUMNS = `seq::double precision AS seq, at, event, request_id AS "requestId", key_name AS "key", details, username, photos, consent, salt,
  personal, previous, hash`

export function postgresAudit ({ connected, transaction }: PostgresConnection): PostgresSubject<AuditStore> {
  return {
    async erase ({ query }, username) {
      const { count } = await query(
        'UPDATE audit SET username = NULL, photos = NULL, consent = NULL, salt = NULL WHERE username = $1',
        [username]
      )
      return { audit: count }
    },
    methods: {
      appendAudit: entry => transaction(transaction => appendAudit(transaction, entry)),
      async readAudit ({ after, limit }) {
        const { rows } = await connected(query =>
          query<AuditRow>(`SELECT ${COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, [after, limit])
        )
        return rows
      },
      async auditOf (username, { limit, after = 0 } = {}) {
        const { rows } = await connected(query =>
          query<AuditRow>(
            `
          SELECT ${COLUMNS} FROM audit WHERE username = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
            [username, after, limit ?? null]
          )
        )
        return rows
      },
      auditHead: () => connected(query => readHead(query))
    }
  }
}

/** Locks the end of the chain until the transaction ends; always the last lock, so that none waits in a circle. */
export async function appendAudit ({ query }: Transaction, entry: AuditEntry): Promise<void> {
  const enrolled = await holdUser(query, entry.username)
  const row = nextRow(entry, await readHead(query, 'FOR UPDATE'), enrolled)
  await query(
    `
    INSERT INTO audit (seq, at, event, request_id, key_name, details, username, photos, consent, salt, personal, previous, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      row.seq,
      row.at,
      row.event,
      row.requestId,
      row.key,
      row.details,
      row.username,
      row.photos,
      row.consent,
      row.salt,
      row.personal,
      row.previous,
      row.hash
    ]
  )
  await query('UPDATE audit_head SET seq = $1, hash = $2', [row.seq, row.hash])
}

async function readHead (query: Query, lock = ''): Promise<AuditHead> {
  const { rows: [head] } = await query<AuditHead>(`SELECT seq::double precision AS seq, hash FROM audit_head ${lock}`)
  return head ?? emptyHead
}
