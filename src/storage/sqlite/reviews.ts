import type { DatabaseSync } from 'node:sqlite'
import type { Sealer } from '../sealer.ts'
import {
  decided,
  type NewReview,
  openPhoto,
  type ReviewDecision,
  type ReviewOutcome,
  type ReviewReason,
  type ReviewRow,
  type ReviewStore,
  reviewContext,
  statusOf,
  toNewRow,
  toReview,
  toReviewPage,
  toSketches,
  withState
} from '../subjects/reviews.ts'
import type { SqliteAudit } from './audit.ts'
import type { SqliteConnection, SqliteSubject } from './connection.ts'
import type { SqliteIdempotency } from './idempotency.ts'
import { partOf, partValues } from './part.ts'
import type { SqliteQueue } from './queue.ts'
import { resealing } from './reseal.ts'
import type { SqliteSketches } from './sketches.ts'

const COLUMNS = `id, request_id AS requestId, username, verification, task, reason, state, detail, photo, body IS NOT NULL AS hasPhoto,
  key_name AS "key", created_at AS createdAt, expires_at AS expiresAt, decisions, decided_at AS decidedAt`

type DecideOptions = Parameters<ReviewStore['decideReview']>[2]

export interface SqliteReviews extends SqliteSubject<ReviewStore> {
  /** Adds a review of an enrolled user, in the caller's transaction; none of a signup while one is open or approved. */
  add (review: NewReview | undefined): void
  /** Closes reviews in the caller's transaction, as `recordVerification` says; answers with their number. */
  withdraw (username: string, task: string, since: string): number
}

export function sqliteReviews (
  connection: SqliteConnection,
  sealer: Sealer,
  queue: SqliteQueue,
  audit: SqliteAudit,
  locks: SqliteIdempotency,
  sketches: SqliteSketches
): SqliteReviews {
  const { write, emptyLog } = connection
  const statements = prepare(connection)
  const insert = (review: NewReview): boolean => statements.insert.run(toNewRow(review, sealer)).changes === 1

  const decide = (
    id: string, decision: ReviewDecision, { approvals, audit: entry, keepPhoto }: DecideOptions
  ): ReviewOutcome => {
    const row = statements.find.get(id) as ReviewRow | undefined
    if (row === undefined) return 'missing'
    const { outcome, state, decisions } = decided(toReview(row), decision, approvals)
    if (outcome === 'closed' || outcome === 'same_reviewer') return outcome
    const kept = String(statements.sketches.get(id)?.sketches)
    statements.decide.run({
      id,
      state,
      decisions: JSON.stringify(decisions),
      at: outcome === 'decided' ? decision.at : null
    })
    const status = statusOf(state)
    if (status !== null && row.verification !== null) statements.setStatus.run(status, row.verification)
    if (status === 'approved') sketches.add(row.username, toSketches(kept))
    const close = keepPhoto === true ? statements.closeAndKeep : statements.close
    if (status !== null && close.get(id)?.webhook != null) queue.send('review', id)
    audit.append(withState(entry, state))
    return outcome
  }

  return {
    add (review) {
      if (review === undefined) return
      const isAsked = review.verification === null && statements.asked.get(review.username) !== undefined
      if (!isAsked) insert(review)
    },
    withdraw: (username, task, since) => Number(statements.withdraw.run(username, task, since).changes),
    erase (username) {
      const ids = statements.erase.all(username).map(({ id }) => String(id))
      queue.remove(ids)
      return { reviews: ids.length }
    },
    expire (before) {
      queue.remove(statements.removeBefore.all(before).map(({ id }) => String(id)))
      return {}
    },
    reseal: resealing(connection, sealer, 'reviews', reviewContext),
    methods: {
      ...reading(connection, sealer, statements),
      ...webhookMethods(connection, queue, statements, audit),
      ...closing(connection, statements),
      addReview: (review, { audit: entry, settle }) =>
        write(() => {
          if (statements.taken.get(review.verification) !== undefined) return 'exists'
          if (!insert(review)) return 'missing'
          locks.settle(settle)
          audit.append(entry)
          return 'added'
        }),
      async decideReview (id, decision, options) {
        const outcome = await write(() => decide(id, decision, options))
        if (outcome === 'decided') await emptyLog()
        return outcome
      }
    }
  }
}

type Closing = Pick<ReviewStore, 'expireReviews' | 'removeReviewedPhotos'>

/** What time does to reviews and their photos. */
function closing ({ write, emptyLog }: SqliteConnection, statements: ReturnType<typeof prepare>): Closing {
  return {
    async expireReviews (now) {
      const expired = await write(() => Number(statements.expire.run(now).changes))
      if (expired > 0) await emptyLog()
      return expired
    },
    async removeReviewedPhotos (before) {
      const removed = await write(() => Number(statements.removeReviewed.run(before).changes))
      if (removed > 0) await emptyLog()
      return removed
    }
  }
}

type Reading = Pick<
  ReviewStore,
  'findReview' | 'reviewOf' | 'reviewPhoto' | 'listReviews' | 'countReviews' | 'reviewsOf'
>

function reading ({ read }: SqliteConnection, sealer: Sealer, statements: ReturnType<typeof prepare>): Reading {
  const find = (id: string) => toFound(statements.find.get(id) as ReviewRow | undefined)
  return {
    findReview: id => read(() => find(id)),
    reviewOf: verification => read(() => toFound(statements.last.get(verification) as ReviewRow | undefined)),
    reviewPhoto: id => read(() => openPhoto(id, statements.photo.get(id) as Parameters<typeof openPhoto>[1], sealer)),
    listReviews: (filter, { limit, after }) =>
      read(() => {
        const values = {
          state: filter.state ?? null,
          reason: filter.reason ?? null,
          username: filter.username ?? null
        }
        const rows = statements.list.all({
          ...values,
          createdAt: after?.createdAt ?? '',
          id: after?.id ?? '',
          limit: limit + 1
        })
        return toReviewPage(rows as unknown as ReviewRow[], limit)
      }),
    countReviews: () =>
      read(() => {
        const rows = statements.count.all() as { reason: ReviewReason; count: number; oldest: string }[]
        return {
          open: Object.fromEntries(rows.map(({ reason, count }) => [reason, count])),
          oldest: rows.map(({ oldest }) => oldest).sort()[0] ?? null
        }
      }),
    reviewsOf: (username, part) =>
      read(() => (statements.ofUser.all(partValues(username, part)) as unknown as ReviewRow[]).map(toReview))
  }
}

type WebhookMethods = Pick<ReviewStore, 'leaseReviewWebhooks' | 'retryReviewWebhook' | 'endReviewWebhook'>

function webhookMethods (
  { read, write }: SqliteConnection,
  queue: SqliteQueue,
  { webhook, find }: ReturnType<typeof prepare>,
  audit: SqliteAudit
): WebhookMethods {
  return {
    async leaseReviewWebhooks (limit) {
      if (!(await read(() => queue.isDue('review')))) return []
      return write(() =>
        queue.fetch('review', limit).flatMap(lease => {
          const url = webhook.get(lease.id)?.webhook
          return url == null
            ? []
            : [{ ...lease, url: String(url), review: toReview(find.get(lease.id) as unknown as ReviewRow) }]
        })
      )
    },
    async retryReviewWebhook (lease) {
      await write(() => queue.retry('review', lease))
    },
    endReviewWebhook: (lease, entry) =>
      write(() => {
        if (!queue.complete('review', lease)) return false
        audit.append(entry)
        return true
      })
  }
}

function toFound (row: ReviewRow | undefined) {
  return row === undefined ? null : toReview(row)
}

function prepare ({ db }: { db: DatabaseSync }) {
  return {
    insert: db.prepare(`
      INSERT INTO reviews (id, request_id, username, verification, task, reason, state, detail, photo, body, key_id, sketches, webhook, key_name,
        created_at, expires_at, decisions)
      SELECT :id, :requestId, username, :verification, :task, :reason, 'open', :detail, :photo, :body, :keyId, :sketches, :webhook, :key,
        :createdAt, :expiresAt, '[]' FROM users WHERE username = :username`),
    asked: db.prepare(`
      SELECT 1 FROM reviews WHERE username = ? AND reason = 'possible_duplicate' AND state IN ('open', 'approved')`),
    taken: db.prepare("SELECT 1 FROM reviews WHERE verification = ? AND (state = 'open' OR reason = 'appeal')"),
    find: db.prepare(`SELECT ${COLUMNS} FROM reviews WHERE id = ?`),
    last: db.prepare(`SELECT ${COLUMNS} FROM reviews WHERE verification = ? ORDER BY created_at DESC, id DESC LIMIT 1`),
    photo: db.prepare('SELECT body, key_id AS keyId FROM reviews WHERE id = ?'),
    sketches: db.prepare('SELECT sketches FROM reviews WHERE id = ?'),
    list: db.prepare(`
      SELECT ${COLUMNS} FROM reviews
      WHERE (:state IS NULL OR state = :state) AND (:reason IS NULL OR reason = :reason) AND (:username IS NULL OR username = :username)
        AND (created_at, id) > (:createdAt, :id) ORDER BY created_at, id LIMIT :limit`),
    decide: db.prepare('UPDATE reviews SET state = :state, decisions = :decisions, decided_at = :at WHERE id = :id'),
    close: db.prepare("UPDATE reviews SET body = NULL, key_id = NULL, sketches = '[]' WHERE id = ? RETURNING webhook"),
    webhook: db.prepare('SELECT webhook FROM reviews WHERE id = ?'),
    closeAndKeep: db.prepare("UPDATE reviews SET sketches = '[]' WHERE id = ? RETURNING webhook"),
    removeReviewed: db.prepare(
      'UPDATE reviews SET body = NULL, key_id = NULL WHERE body IS NOT NULL AND decided_at < ?'
    ),
    setStatus: db.prepare('UPDATE verifications SET status = ? WHERE id = ?'),
    expire: db.prepare(`
      UPDATE reviews SET state = 'expired', body = NULL, key_id = NULL, sketches = '[]' WHERE state = 'open' AND expires_at < ?`),
    withdraw: db.prepare(`
      UPDATE reviews SET state = 'expired', body = NULL, key_id = NULL, sketches = '[]'
      WHERE username = ? AND task = ? AND created_at >= ? AND state = 'open' AND reason = 'liveness_uncertain'`),
    count: db.prepare(
      "SELECT reason, count(*) AS count, min(created_at) AS oldest FROM reviews WHERE state = 'open' GROUP BY reason"
    ),
    ofUser: db.prepare(`SELECT ${COLUMNS} FROM reviews ${partOf('id')}`),
    erase: db.prepare('DELETE FROM reviews WHERE username = ? RETURNING id'),
    removeBefore: db.prepare('DELETE FROM reviews WHERE created_at < ? RETURNING id')
  }
}
