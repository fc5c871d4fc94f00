import { type AuditEntry, type AuditHead, type AuditRow, nextRow } from '../audit-chain.ts'
import type { AuditStore } from '../subjects/audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'

const COLUMNS = `seq, at, event, request_id AS requestId, key_name AS "key", details, username, photos, consent, salt, personal, previous,
  hash`

export interface SqliteAudit extends SqliteSubject<AuditStore> {
  /** Appends a row in the caller's transaction. */
  append (entry: AuditEntry): void
}

export function sqliteAudit ({ db, read, write }: SqliteConnection): SqliteAudit {
  const isEnrolled = db.prepare('SELECT 1 FROM users WHERE username = ?')
  const insert = db.prepare(`
    INSERT INTO audit (seq, at, event, request_id, key_name, details, username, photos, consent, salt, personal, previous, hash)
    VALUES (:seq, :at, :event, :requestId, :key, :details, :username, :photos, :consent, :salt, :personal, :previous, :hash)`)
  const moveHead = db.prepare('UPDATE audit_head SET seq = ?, hash = ?')
  const head = db.prepare('SELECT seq, hash FROM audit_head')
  const blank = db.prepare(
    'UPDATE audit SET username = NULL, photos = NULL, consent = NULL, salt = NULL WHERE username = ?'
  )
  const readPage = db.prepare(`SELECT ${COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`)
  const ofUser = db.prepare(`SELECT ${COLUMNS} FROM audit WHERE username = ? AND seq > ? ORDER BY seq LIMIT ?`)

  const append = (entry: AuditEntry): void => {
    const enrolled = entry.username !== null && isEnrolled.get(entry.username) !== undefined
    const row = nextRow(entry, head.get() as unknown as AuditHead, enrolled)
    insert.run({ ...row })
    moveHead.run(row.seq, row.hash)
  }

  return {
    append,
    erase: username => ({ audit: Number(blank.run(username).changes) }),
    methods: {
      appendAudit: entry => write(() => append(entry)),
      readAudit: ({ after, limit }) => read(() => readPage.all(after, limit) as unknown as AuditRow[]),
      auditOf: (username, { limit = -1, after = 0 } = {}) => read(
        () => ofUser.all(username, after, limit) as unknown as AuditRow[]),
      auditHead: () => read(() => ({ ...head.get() as unknown as AuditHead }))
    }
  }
}
