/**
 * The audit's hash chain: each row's hash covers the hash before it, so that a changed, missing or moved row shows.
 * What is personal enters the hash as a salted digest: erasing the clear values and the salt leaves the chain whole,
 * and without the salt a digest cannot be tried against guesses.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'

export const auditEvents = [
  'signup',
  'verify',
  'challenge',
  'webhook',
  'delete',
  'export',
  'identify',
  'learn',
  'retention',
  'appeal',
  'review',
  'key_use'
] as const

export type AuditEvent = typeof auditEvents[number]

/** What a caller wants recorded. */
export interface AuditEntry {
  event: AuditEvent
  requestId: string
  /** Name of the API key; null when none was needed. */
  key: string | null
  /** Kept only while the user is enrolled, as is everything personal. */
  username: string | null
  /** sha256 of each photo. */
  photos: readonly string[]
  /** Reference to the person's consent. */
  consent: string | null
  /** Verdict, reasons, scores, model ids, counts: nothing that names a person. */
  details: Record<string, unknown>
}

/** One row as it is stored; texts are hashed exactly as they stand. */
export interface AuditRow {
  /** 1, 2, 3 without a gap. */
  seq: number
  at: string
  event: string
  requestId: string
  key: string | null
  /** JSON. */
  details: string
  username: string | null
  /** JSON. */
  photos: string | null
  consent: string | null
  /** Null once the personal values are erased. */
  salt: string | null
  /** Digest of the personal values; null when there never were any. */
  personal: string | null
  /** Hash of the row before; empty for the first. */
  previous: string
  hash: string
}

/** The end of the chain, kept beside it so that cut-off rows show. */
export interface AuditHead {
  seq: number
  hash: string
}

export const emptyHead: AuditHead = { seq: 0, hash: '' }

/** @param enrolled whether the entry's user may be named */
export function nextRow (entry: AuditEntry, head: AuditHead, enrolled: boolean): AuditRow {
  const named = enrolled && entry.username !== null
  const values = {
    username: named ? entry.username : null,
    photos: named ? JSON.stringify(entry.photos) : null,
    consent: named ? entry.consent : null,
    salt: named ? randomBytes(16).toString('hex') : null
  }
  const row = {
    seq: head.seq + 1,
    at: new Date().toISOString(),
    event: entry.event,
    requestId: entry.requestId,
    key: entry.key,
    details: JSON.stringify(entry.details),
    ...values,
    personal: named ? personalDigest(values) : null,
    previous: head.hash
  }
  return { ...row, hash: rowHash(row) }
}

function personalDigest ({
  salt,
  username,
  photos,
  consent
}: Pick<AuditRow, 'salt' | 'username' | 'photos' | 'consent'>): string {
  return createHmac('sha256', Buffer.from(salt ?? '', 'hex'))
    .update(JSON.stringify([username, photos, consent]))
    .digest('hex')
}

function rowHash ({ seq, at, event, requestId, key, details, personal, previous }: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([seq, at, event, requestId, key, details, personal, previous]))
    .digest('hex')
}

export interface AuditReport {
  rows: number
  /** Rows whose personal values were erased. */
  erased: number
  head: AuditHead
  /** One sentence for each fault found, at most `MAX_PROBLEMS`. */
  problems: string[]
}

const MAX_PROBLEMS = 20

/**
 * Recomputes the whole chain.
 * @param pages the rows by number, in pieces
 * @param head what the store keeps as the end of the chain
 */
export async function checkChain (pages: AsyncIterable<readonly AuditRow[]>, head: AuditHead): Promise<AuditReport> {
  const problems: string[] = []
  let last = emptyHead
  let rows = 0
  let erased = 0
  let erasures = 0
  for await (const page of pages) {
    for (const row of page) {
      rows++
      if (row.seq !== last.seq + 1) problems.push(`rows ${last.seq + 1} to ${row.seq - 1} are missing`)
      else if (row.previous !== last.hash) { problems.push(`row ${row.seq} does not follow row ${last.seq}: one of them was changed, moved or replaced`) }
      if (rowHash(row) !== row.hash) problems.push(`row ${row.seq} (${row.event}, ${row.at}) was changed`)
      const blank = row.username === null && row.photos === null && row.consent === null && row.salt === null
      if (row.personal !== null && blank) erased++
      else if (row.personal === null ? !blank : personalDigest(row) !== row.personal) { problems.push(`the personal values of row ${row.seq} (${row.event}, ${row.at}) were changed`) }
      if (row.event === 'delete') erasures += erasedBy(row)
      last = { seq: row.seq, hash: row.hash }
    }
  }
  if (last.seq !== head.seq || last.hash !== head.hash) {
    problems.push(
      `the chain ends with row ${last.seq}, expected row ${head.seq}: rows were cut off or put in another order`
    )
  }
  if (erased !== erasures) { problems.push(`${erased} rows have no personal values, but the recorded deletions erased ${erasures}`) }
  return { rows, erased, head: last, problems: problems.slice(0, MAX_PROBLEMS) }
}

function erasedBy ({ details }: AuditRow): number {
  try {
    return Number(JSON.parse(details).erased?.audit ?? 0)
  } catch {
    return 0
  }
}
