/**
 * Everything the service holds about one person, and about no other. It is read and sent in pieces, so that an export
 * of any size takes the memory of one piece, and one look at the store at a time.
 */
import type { AuditRow } from '../storage/audit-chain.ts'
import type {
  Cursor,
  KeptPhoto,
  PersonalAnswer,
  PersonalDeferred,
  Store,
  StoredReview,
  StoredVerification,
  User
} from '../storage/store.ts'
import { keptWithoutScores } from '../verification/without-scores.ts'

const PAGE = 200

/** Of deferred verifications, whose photos are read to be hashed. */
const DEFERRED_PAGE = 10

/** Boxes go too: which face was judged, and what counted, is a hint as well. */
const noScores = { similarity: null, livenessScore: null, evidence: null }

/** A part of a section; a section may come in several parts or in none. */
export interface ExportPart {
  section: typeof sections[number]
  rows: unknown[]
}

/** In the order in which they are exported. */
const sections = ['verifications', 'photos', 'jobs', 'answers', 'challenges', 'reviews', 'failures', 'audit'] as const

/** @param scores false leaves out similarities, liveness and embeddings, from which similarities can be computed */
export function exportedUser (user: User, scores: boolean) {
  return {
    ...user,
    shots: user.shots.map(({ embedding, ...shot }) => ({ ...shot, embedding: scores ? Array.from(embedding) : [] }))
  }
}

/** @param scores as in `exportedUser` */
export async function * exportParts (store: Store, username: string, scores: boolean): AsyncGenerator<ExportPart> {
  const shown = scores ? <T>(answer: T) => answer : keptWithoutScores
  for await (const rows of verificationsOf(store, username)) {
    yield { section: 'verifications', rows: scores ? rows : rows.map(record => ({ ...record, ...noScores })) }
  }
  const placeOf = ({ createdAt, name }: KeptPhoto): Cursor => ({ createdAt, id: name })
  for await (const rows of pages<KeptPhoto, Cursor>(part => store.listPhotos(username, part), PAGE, placeOf)) {
    yield { section: 'photos', rows: rows.map(({ username: _, ...photo }) => ({ ...photo, url: photoUrl(username, photo.name) })) }
  }
  const deferred = (part: { limit: number, after?: Cursor }) => store.deferredOf(username, part)
  for await (const rows of pages<PersonalDeferred, Cursor>(deferred, DEFERRED_PAGE, cursorOf)) {
    yield { section: 'jobs', rows: rows.map(({ outcome, ...job }) => ({ ...job, outcome: shown(parsed(outcome)) })) }
  }
  for await (const rows of pages<PersonalAnswer, Cursor>(part => store.answersOf(username, part), PAGE, cursorOf)) {
    yield { section: 'answers', rows: rows.map(({ id: _, body, ...answer }) => ({ ...answer, body: shown(parsed(body)) })) }
  }
  const challenges = await store.challengesOf(username)
  yield {
    section: 'challenges',
    rows: challenges.map(({ username: _, checks, ...challenge }) => ({
      ...challenge,
      ...shown({ checks: parsed(checks) })
    }))
  }
  for await (const rows of pages<StoredReview, Cursor>(part => store.reviewsOf(username, part), PAGE, cursorOf)) {
    yield { section: 'reviews', rows: rows.map(review => exportedReview(review, shown)) }
  }
  yield { section: 'failures', rows: await store.failuresOf(username) }
  for await (const rows of pages<AuditRow, number>(part => store.auditOf(username, part), PAGE, ({ seq }) => seq)) {
    yield { section: 'audit', rows: rows.map(row => readable(row, scores)) }
  }
}

/** One JSON object: `user`, then an array for each section. */
export async function * exportJson (user: unknown, parts: AsyncIterable<ExportPart>): AsyncGenerator<string> {
  let text = `{"user":${JSON.stringify(user)}`
  let next = 0
  let first = true
  const openUpTo = (section: number): string => {
    let opened = ''
    for (; next <= section; next++) {
      opened += `${next === 0 ? '' : ']'},"${sections[next]}":[`
      first = true
    }
    return opened
  }
  for await (const { section, rows } of parts) {
    text += openUpTo(sections.indexOf(section))
    for (const row of rows) {
      text += `${first ? '' : ','}${JSON.stringify(row)}`
      first = false
    }
    yield text
    text = ''
  }
  yield `${text}${openUpTo(sections.length - 1)}]}`
}

/** One JSON object a line, each with the name of its section as its only property. */
export async function * exportLines (user: unknown, parts: AsyncIterable<ExportPart>): AsyncGenerator<string> {
  yield `${JSON.stringify({ user })}\n`
  for await (const { section, rows } of parts) yield rows.map(row => `${JSON.stringify({ [section]: row })}\n`).join('')
}

async function * verificationsOf (store: Store, username: string): AsyncGenerator<StoredVerification[]> {
  let after: Cursor | undefined
  do {
    const { verifications, next } = await store.listVerifications({ username }, { limit: PAGE, after })
    yield verifications
    after = next ?? undefined
  } while (after !== undefined)
}

async function * pages<Row, After> (
  read: (part: { limit: number, after?: After }) => Promise<Row[]>, limit: number, placeOf: (row: Row) => After
): AsyncGenerator<Row[]> {
  let rows: Row[] = []
  do {
    const last = rows.at(-1)
    rows = await read({ limit, ...last !== undefined && { after: placeOf(last) } })
    yield rows
  } while (rows.length === limit)
}

function cursorOf ({ createdAt, id }: Cursor): Cursor {
  return { createdAt, id }
}

function exportedReview ({ username: _, detail, ...review }: StoredReview, shown: typeof keptWithoutScores) {
  const seen = JSON.parse(detail) as Record<string, unknown>
  const plain =
    shown === keptWithoutScores && 'similarity' in seen
      ? { ...shown(seen), similarity: null, liveness_score: null }
      : seen
  return { ...review, detail: plain, ...review.hasPhoto && { url: `/api/reviews/${review.id}/photo` } }
}

function photoUrl (username: string, name: string): string {
  return `/api/users/${encodeURIComponent(username)}/photos/${name}`
}

function parsed (json: string | null): Record<string, unknown> | null {
  return json === null ? null : JSON.parse(json) as Record<string, unknown>
}

/** Without what only the chain needs. */
function readable ({ seq, at, event, requestId, key, details: text, photos, consent }: AuditRow, scores: boolean) {
  const details = JSON.parse(text) as Record<string, unknown>
  const shown = scores || !('similarity' in details) ? details : { ...details, ...noScores }
  return { seq, at, event, requestId, key, details: shown, photos: JSON.parse(photos ?? '[]') as string[], consent }
}
