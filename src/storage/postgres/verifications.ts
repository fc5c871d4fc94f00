import {
  type SeenPhoto, type StoredVerification, toVerificationPage, type VerificationRecord, type VerificationStore
} from '../subjects/verifications.ts'
import { appendAudit } from './audit.ts'
import type { PostgresChallenges } from './challenges.ts'
import { advisoryLock, type PostgresConnection, type PostgresSubject, type Query } from './connection.ts'
import type { PostgresDeferred } from './deferred.ts'
import type { PostgresFailures } from './failures.ts'
import { holdUser } from './hold-user.ts'
import type { PostgresIdempotency } from './idempotency.ts'
import type { PostgresReviews } from './reviews.ts'
import type { PostgresSketches } from './sketches.ts'

const COLUMNS = `id, request_id AS "requestId", username, task, status, reasons, similarity, liveness_score AS "livenessScore", photo, models, evidence,
  key_name AS "key", created_at AS "createdAt"`

export function postgresVerifications (
  { connected, transaction }: PostgresConnection,
  locks: PostgresIdempotency,
  deferredVerifications: PostgresDeferred,
  sketches: PostgresSketches,
  challenges: PostgresChallenges,
  failures: PostgresFailures,
  reviews: PostgresReviews
): PostgresSubject<VerificationStore> {
  return {
    async erase ({ query }, username) {
      const { count } = await query('UPDATE verifications SET username = NULL, photo = NULL, evidence = NULL WHERE username = $1', [
        username
      ])
      return { verifications: count }
    },
    async expire ({ query }, before) {
      const { count } = await query(
        `
        DELETE FROM verifications WHERE id IN (SELECT id FROM verifications WHERE created_at < $1 FOR UPDATE SKIP LOCKED)`,
        [before]
      )
      return { verifications: count }
    },
    methods: {
      recordVerification: (
        record,
        { audit, exclusive = false, limit, deferred, challenge, settle, sketches: added, review, withdrawSince } = {}
      ) =>
        transaction(async transaction => {
          const { query } = transaction
          // The user may have been deleted since the photo was sent: then the record is kept without the name.
          const enrolled = await holdUser(query, record.username)
          if (exclusive) {
            // Requests with the same bytes come one after the other, so that one of them sees the other.
            await advisoryLock(transaction, `photo ${record.photo}`)
            if ((await seenPhoto(query, record.photo, record.username)).otherUser) return 'replayed'
          }
          if (limit !== undefined && !(await failures.add(transaction, record.username, limit.failed, limit))) { return 'locked' }
          if (challenge !== undefined && !(await challenges.use(transaction, challenge))) return 'challenge_used'
          await insert(query, record, enrolled)
          if (withdrawSince !== undefined) await reviews.withdraw(transaction, record, withdrawSince)
          await reviews.add(transaction, review)
          await sketches.add(transaction, record.username, added)
          if (deferred !== undefined) await deferredVerifications.end(transaction, deferred)
          await locks.settle(transaction, settle)
          if (audit !== undefined) await appendAudit(transaction, audit)
          return 'recorded'
        }),
      async findVerification (id) {
        const {
          rows: [row]
        } = await connected(query =>
          query<StoredVerification>(`SELECT ${COLUMNS} FROM verifications WHERE id = $1`, [id])
        )
        return row ?? null
      },
      async listVerifications ({ username, task, status, from, to }, { limit, after }) {
        const { rows } = await connected(query =>
          query<StoredVerification>(
            `
          SELECT ${COLUMNS} FROM verifications
          WHERE ($1::text IS NULL OR username = $1) AND ($2::text IS NULL OR task = $2) AND ($3::text IS NULL OR status = $3)
            AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($7::text IS NULL OR (created_at, id COLLATE "C") < ($6::timestamptz, $7))
          ORDER BY created_at DESC, id COLLATE "C" DESC LIMIT $8`,
            [username, task, status, from, to, after?.createdAt, after?.id, limit + 1]
          )
        )
        return toVerificationPage(rows, limit)
      },
      seenPhoto: (sha256, username) => connected(query => seenPhoto(query, sha256, username))
    }
  }
}

async function insert (query: Query, record: VerificationRecord, enrolled: boolean): Promise<void> {
  await query(
    `
    INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, evidence, key_name,
      created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      record.id,
      record.requestId,
      enrolled ? record.username : null,
      record.task,
      record.status,
      record.reasons,
      record.similarity,
      record.livenessScore,
      enrolled ? record.photo : null,
      record.models,
      enrolled && record.evidence != null ? JSON.stringify(record.evidence) : null,
      record.key ?? null,
      record.createdAt
    ]
  )
}

async function seenPhoto (query: Query, sha256: string, username: string): Promise<SeenPhoto> {
  const {
    rows: [seen]
  } = await query<SeenPhoto>(
    `
    SELECT EXISTS (SELECT 1 FROM shots WHERE sha256 = $1) AS shot,
      EXISTS (SELECT 1 FROM verifications WHERE photo = $1 AND status = 'approved' AND username <> $2) AS "otherUser",
      (SELECT id FROM verifications WHERE photo = $1 AND username = $2 ORDER BY created_at, id COLLATE "C" LIMIT 1) AS earlier`,
    [sha256, username]
  )
  return seen!
}
