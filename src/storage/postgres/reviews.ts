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
import type { VerificationRecord } from '../subjects/verifications.ts'
import { appendAudit } from './audit.ts'
import {
  advisoryLock,
  type PostgresConnection,
  type PostgresSubject,
  type Query,
  type Transaction
} from './connection.ts'
import { holdUser } from './hold-user.ts'
import type { PostgresIdempotency } from './idempotency.ts'
import { partOf, partValues } from './part.ts'
import type { PgBossQueue } from './queue.ts'
import { resealing } from './reseal.ts'
import type { PostgresSketches } from './sketches.ts'

const COLUMNS = `id, request_id AS "requestId", username, verification, task, reason, state, detail, photo, body IS NOT NULL AS "hasPhoto",
  key_name AS "key", created_at AS "createdAt", expires_at AS "expiresAt", decisions, decided_at AS "decidedAt"`

export interface PostgresReviews extends PostgresSubject<ReviewStore> {
  /** Adds a review of a user whom the caller's transaction holds; none of a signup while one is open or approved. */
  add (transaction: Transaction, review: NewReview | undefined): Promise<void>
  /** Closes reviews in the caller's transaction, as `recordVerification` says. */
  withdraw (
    transaction: Transaction, record: Pick<VerificationRecord, 'username' | 'task'>, since: string
  ): Promise<void>
}

export function postgresReviews (
  connection: PostgresConnection,
  sealer: Sealer,
  queue: PgBossQueue,
  locks: PostgresIdempotency,
  sketches: PostgresSketches
): PostgresReviews {
  const { transaction } = connection
  return {
    async add ({ query }, review) {
      if (review === undefined) return
      const asked =
        review.verification === null
          ? await query(
              `
        SELECT 1 FROM reviews WHERE username = $1 AND reason = 'possible_duplicate' AND state IN ('open', 'approved')`,
              [review.username]
          )
          : null
      if (asked === null || asked.count === 0) await insert(query, review, sealer)
    },
    async withdraw ({ query }, { username, task }, since) {
      await query(`
        UPDATE reviews SET state = 'expired', ${WITHOUT_PHOTO}
        WHERE username = $1 AND task = $2 AND created_at >= $3 AND state = 'open' AND reason = 'liveness_uncertain'`,
      [username, task, since])
    },
    async erase ({ query, db }, username) {
      const { rows } = await query<{ id: string }>('DELETE FROM reviews WHERE username = $1 RETURNING id', [username])
      await queue.remove(
        rows.map(({ id }) => id),
        db
      )
      return { reviews: rows.length }
    },
    async expire ({ query, db }, before) {
      const { rows } = await query<{ id: string }>(
        `
        DELETE FROM reviews WHERE id IN (SELECT id FROM reviews WHERE created_at < $1 FOR UPDATE SKIP LOCKED) RETURNING id`,
        [before]
      )
      await queue.remove(
        rows.map(({ id }) => id),
        db
      )
      return {}
    },
    reseal: resealing(connection, sealer, 'reviews', reviewContext),
    methods: {
      ...reading(connection, sealer),
      ...webhookMethods(connection, queue),
      ...closing(connection),
      addReview: (review, { audit, settle }) =>
        transaction(async transaction => {
          const { query } = transaction
          if (!(await holdUser(query, review.username))) return 'missing'
          await advisoryLock(transaction, `review ${review.verification}`)
          const { count } = await query(
            "SELECT 1 FROM reviews WHERE verification = $1 AND (state = 'open' OR reason = 'appeal')",
            [review.verification]
          )
          if (count > 0) return 'exists'
          await insert(query, review, sealer)
          await locks.settle(transaction, settle)
          await appendAudit(transaction, audit)
          return 'added'
        }),
      decideReview: (id, decision, options) =>
        transaction(transaction => decide(transaction, { id, decision, ...options, sketches, queue }))
    }
  }
}

type Closing = Pick<ReviewStore, 'expireReviews' | 'removeReviewedPhotos'>

/** What time does to reviews and their photos. */
function closing ({ connected }: PostgresConnection): Closing {
  return {
    async removeReviewedPhotos (before) {
      const { count } = await connected(query => query(`
        UPDATE reviews SET body = NULL, key_id = NULL WHERE body IS NOT NULL AND decided_at < $1`, [before]))
      return count
    },
    async expireReviews (now) {
      const { count } = await connected(query =>
        query(
          `
        UPDATE reviews SET state = 'expired', ${WITHOUT_PHOTO} WHERE state = 'open' AND expires_at < $1`,
          [now]
        )
      )
      return count
    }
  }
}

type Deciding = Parameters<ReviewStore['decideReview']>[2] & {
  id: string
  decision: ReviewDecision
  sketches: PostgresSketches
  queue: PgBossQueue
}

async function decide (
  transaction: Transaction,
  { id, decision, approvals, audit, keepPhoto, sketches, queue }: Deciding
): Promise<ReviewOutcome> {
  const { query, db } = transaction
  await holdUser(query, audit.username)
  const {
    rows: [row]
  } = await query<ReviewRow & { sketches: string; webhook: string | null }>(
    `
    SELECT ${COLUMNS}, sketches, webhook FROM reviews WHERE id = $1 FOR UPDATE`,
    [id]
  )
  if (row === undefined) return 'missing'
  const { outcome, state, decisions } = decided(toReview(row), decision, approvals)
  if (outcome === 'closed' || outcome === 'same_reviewer') return outcome
  const status = statusOf(state)
  await query(
    `
    UPDATE reviews SET state = $2, decisions = $3, decided_at = $4 WHERE id = $1`,
    [id, state, JSON.stringify(decisions), outcome === 'decided' ? decision.at : null]
  )
  if (status !== null) {
    await query('UPDATE verifications SET status = $2 WHERE id = $1', [row.verification, status])
    await query(`UPDATE reviews SET ${keepPhoto === true ? WITHOUT_SKETCHES : WITHOUT_PHOTO} WHERE id = $1`, [id])
    if (row.webhook !== null) await queue.send('review', [id], db)
  }
  if (status === 'approved') await sketches.add(transaction, row.username, toSketches(row.sketches))
  await appendAudit(transaction, withState(audit, state))
  return outcome
}

const WITHOUT_SKETCHES = "sketches = '[]'"
const WITHOUT_PHOTO = `body = NULL, key_id = NULL, ${WITHOUT_SKETCHES}`

type WebhookMethods = Pick<ReviewStore, 'leaseReviewWebhooks' | 'retryReviewWebhook' | 'endReviewWebhook'>

function webhookMethods ({ connected, transaction }: PostgresConnection, queue: PgBossQueue): WebhookMethods {
  return {
    async leaseReviewWebhooks (limit) {
      const leases = await queue.fetch('review', limit)
      if (leases.length === 0) return []
      const { rows } = await connected(query => query<ReviewRow & { webhook: string | null }>(`
        SELECT ${COLUMNS}, webhook FROM reviews WHERE id = ANY($1)`, [leases.map(({ id }) => id)]))
      return leases.flatMap(lease => {
        const row = rows.find(({ id }) => id === lease.id)
        if (row === undefined || row.webhook === null) return []
        const { webhook: url, ...review } = row
        return [{ ...lease, url: url!, review: toReview(review) }]
      })
    },
    async retryReviewWebhook (lease) {
      await transaction(({ db }) => queue.retry('review', lease, db))
    },
    endReviewWebhook: (lease, audit) => transaction(async transaction => {
      await holdUser(transaction.query, audit.username)
      if (!await queue.complete('review', lease, transaction.db)) return false
      await appendAudit(transaction, audit)
      return true
    })
  }
}

type Reading = Pick<
  ReviewStore,
  'findReview' | 'reviewOf' | 'reviewPhoto' | 'listReviews' | 'countReviews' | 'reviewsOf'
>

function reading ({ connected }: PostgresConnection, sealer: Sealer): Reading {
  const one = async (where: string, values: unknown[]) => {
    const {
      rows: [row]
    } = await connected(query => query<ReviewRow>(`SELECT ${COLUMNS} FROM reviews WHERE ${where}`, values))
    return row === undefined ? null : toReview(row)
  }
  return {
    findReview: id => one('id = $1', [id]),
    reviewOf: verification =>
      one('verification = $1 ORDER BY created_at DESC, id COLLATE "C" DESC LIMIT 1', [verification]),
    async reviewPhoto (id) {
      const {
        rows: [row]
      } = await connected(query =>
        query<{ body: Uint8Array | null; keyId: string | null }>(
          'SELECT body, key_id AS "keyId" FROM reviews WHERE id = $1',
          [id]
        )
      )
      return openPhoto(id, row, sealer)
    },
    async listReviews ({ state, reason, username }, { limit, after }) {
      const { rows } = await connected(query =>
        query<ReviewRow>(
          `
        SELECT ${COLUMNS} FROM reviews
        WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR reason = $2) AND ($3::text IS NULL OR username = $3)
          AND ($5::text IS NULL OR (created_at, id COLLATE "C") > ($4::timestamptz, $5))
        ORDER BY created_at, id COLLATE "C" LIMIT $6`,
          [state, reason, username, after?.createdAt, after?.id, limit + 1]
        )
      )
      return toReviewPage(rows, limit)
    },
    async countReviews () {
      const { rows } = await connected(query =>
        query<{ reason: ReviewReason; count: number; oldest: string }>(`
        SELECT reason, count(*)::int AS count, min(created_at) AS oldest FROM reviews WHERE state = 'open' GROUP BY reason`)
      )
      return {
        open: Object.fromEntries(rows.map(({ reason, count }) => [reason, count])),
        oldest: rows.map(({ oldest }) => oldest).sort()[0] ?? null
      }
    },
    async reviewsOf (username, part) {
      const { rows } = await connected(query =>
        query<ReviewRow>(`SELECT ${COLUMNS} FROM reviews ${partOf('id')}`, partValues(username, part))
      )
      return rows.map(toReview)
    }
  }
}

async function insert (query: Query, review: NewReview, sealer: Sealer): Promise<void> {
  const row = toNewRow(review, sealer)
  await query(
    `
    INSERT INTO reviews (id, request_id, username, verification, task, reason, state, detail, photo, body, key_id, sketches, webhook, key_name,
      created_at, expires_at, decisions)
    SELECT $1, $2, username, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12, $13, $14::timestamptz, $15::timestamptz, '[]'
    FROM users WHERE username = $3`,
    [
      row.id,
      row.requestId,
      row.username,
      row.verification,
      row.task,
      row.reason,
      row.detail,
      row.photo,
      row.body === null ? null : Buffer.from(row.body),
      row.keyId,
      row.sketches,
      row.webhook,
      row.key,
      row.createdAt,
      row.expiresAt
    ]
  )
}
