/** Every SQL statement of the SQLite store but those of its schema and its queue, prepared once. */
import type { DatabaseSync } from 'node:sqlite'
import { ANSWER_COLUMNS } from './answers.ts'
import { JOB_COLUMNS } from './jobs.ts'

const VERIFICATION = `id, request_id AS requestId, username, task, status, reasons, similarity, liveness_score AS livenessScore, photo, models,
  key_name AS "key", created_at AS createdAt`

const AUDIT = 'seq, at, event, request_id AS requestId, key_name AS "key", details, username, photos, consent, salt, personal, previous, hash'

/** @param db with the schema up to date */
export function prepareStatements (db: DatabaseSync) {
  return {
    findUser: db.prepare(`
      SELECT username, users.created_at AS createdAt, updated_at AS updatedAt, model, preprocessing, dimension, consent,
        sha256, embedding, key_id AS keyId, shots.created_at AS shotCreatedAt
      FROM users JOIN shots USING (username) WHERE username = ? ORDER BY position`),
    upsertUser: db.prepare(`
      INSERT INTO users (username, model, preprocessing, dimension, consent, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (username) DO UPDATE SET
        model = excluded.model, preprocessing = excluded.preprocessing, dimension = excluded.dimension,
        consent = excluded.consent, updated_at = excluded.updated_at`),
    insertShot: db.prepare('INSERT INTO shots (username, position, sha256, embedding, key_id, created_at) VALUES (?, ?, ?, ?, ?, ?)'),
    deleteShots: db.prepare('DELETE FROM shots WHERE username = ?'),
    deleteUser: db.prepare('DELETE FROM users WHERE username = ?'),
    blankVerifications: db.prepare('UPDATE verifications SET username = NULL, photo = NULL WHERE username = ?'),
    // The default collation compares UTF-8 bytes, which is the order of code points.
    listUsers: db.prepare(`
      SELECT username, created_at AS createdAt, updated_at AS updatedAt,
        (SELECT count(*) FROM shots WHERE shots.username = users.username) AS shots
      FROM users WHERE username > ? ORDER BY username LIMIT ?`),
    countUsers: db.prepare('SELECT count(*) AS count FROM users'),
    // The user may have been deleted since the photo came in: then the record is kept without the name.
    insertVerification: db.prepare(`
      INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, key_name, created_at)
      VALUES (:id, :requestId, (SELECT username FROM users WHERE username = :username), :task, :status, :reasons, :similarity,
        :livenessScore, (SELECT :photo FROM users WHERE username = :username), :models, :key, :createdAt)`),
    findVerification: db.prepare(`SELECT ${VERIFICATION} FROM verifications WHERE id = ?`),
    listVerifications: db.prepare(`
      SELECT ${VERIFICATION} FROM verifications
      WHERE (:username IS NULL OR username = :username) AND (:task IS NULL OR task = :task) AND (:status IS NULL OR status = :status)
        AND (:from IS NULL OR created_at >= :from) AND (:to IS NULL OR created_at < :to)
        AND (:id IS NULL OR (created_at, id) < (:createdAt, :id))
      ORDER BY created_at DESC, id DESC LIMIT :limit`),
    countFailures: db.prepare(`
      SELECT count(*) AS count, min(created_at) AS first FROM verifications
      WHERE username = :username AND status = 'rejected' AND created_at >= :since
        AND created_at > coalesce((SELECT max(created_at) FROM verifications WHERE username = :username AND status = 'approved'), '')
        AND EXISTS (SELECT 1 FROM json_each(verifications.reasons) AS found WHERE found.value IN (SELECT value FROM json_each(:reasons)))`),
    seenPhoto: db.prepare(`
      SELECT EXISTS (SELECT 1 FROM shots WHERE sha256 = :sha256) AS shot,
        EXISTS (SELECT 1 FROM verifications WHERE photo = :sha256 AND status = 'approved' AND username <> :username) AS otherUser,
        (SELECT id FROM verifications WHERE photo = :sha256 AND username = :username ORDER BY created_at, id LIMIT 1) AS earlier`),
    insertPhoto: db.prepare(`
      INSERT INTO photos (name, username, kind, sha256, verification, created_at)
      SELECT :name, username, :kind, :sha256, :verification, :createdAt FROM users WHERE username = :username`),
    photosOf: db.prepare(`
      SELECT name, username, kind, sha256, verification, created_at AS createdAt FROM photos
      WHERE username = ? ORDER BY created_at, name`),
    knownPhotos: db.prepare('SELECT name FROM photos WHERE name IN (SELECT value FROM json_each(?))'),
    removePhotos: db.prepare('DELETE FROM photos WHERE created_at < ? RETURNING name'),
    removeVerifications: db.prepare('DELETE FROM verifications WHERE created_at < ?'),
    findAnswer: db.prepare(`SELECT ${ANSWER_COLUMNS} FROM answers WHERE id = ?`),
    answersOf: db.prepare(`SELECT ${ANSWER_COLUMNS} FROM answers WHERE username = ? ORDER BY created_at, id`),
    claimAnswer: db.prepare(`
      INSERT OR REPLACE INTO answers (id, username, fingerprint, owner, lease_until, created_at) VALUES (?, ?, ?, ?, ?, ?)`),
    keepAnswer: db.prepare('UPDATE answers SET status = ?, body = ?, key_id = ?, headers = ? WHERE id = ? AND owner = ? AND status IS NULL'),
    dropClaim: db.prepare('DELETE FROM answers WHERE id = ? AND owner = ? AND status IS NULL'),
    eraseAnswers: db.prepare('DELETE FROM answers WHERE username = ?'),
    removeAnswers: db.prepare('DELETE FROM answers WHERE created_at < ?'),
    answersSealedOtherwise: db.prepare('SELECT id, body AS bytes, key_id AS keyId FROM answers WHERE body IS NOT NULL AND key_id IS NOT ?'),
    resealAnswer: db.prepare('UPDATE answers SET body = ?, key_id = ? WHERE id = ?'),
    insertJob: db.prepare(`
      INSERT INTO jobs (id, username, task, key_name, request_id, limited, created_at, status, webhook, webhook_status, scores, body, key_id)
      SELECT :id, :username, :task, :key, :requestId, :limited, :createdAt, 'pending', :webhook, iif(:webhook IS NULL, NULL, 'pending'), :scores, :bytes, :keyId
      WHERE (SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')) < :max`),
    startJobs: db.prepare(`
      UPDATE jobs SET status = 'running' WHERE id IN (SELECT value ->> 'id' FROM json_each(?)) RETURNING ${JOB_COLUMNS}`),
    stopJob: db.prepare("UPDATE jobs SET status = 'pending' WHERE id = ?"),
    endJob: db.prepare('UPDATE jobs SET status = :status, body = :bytes, key_id = :keyId WHERE id = :id RETURNING webhook'),
    findJob: db.prepare(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`),
    jobsOf: db.prepare(`SELECT ${JOB_COLUMNS} FROM jobs WHERE username = ? ORDER BY created_at, id`),
    countJobs: db.prepare(`
      SELECT (SELECT count(*) FROM jobs WHERE status = 'pending') AS waiting,
        (SELECT count(*) FROM jobs WHERE status = 'running') AS running,
        (SELECT count(*) FROM jobs WHERE webhook_status = 'pending' AND status IN ('done', 'failed')) AS webhooks`),
    jobsBefore: db.prepare('SELECT id FROM jobs WHERE created_at < ?'),
    removeJobs: db.prepare('DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(?))'),
    startWebhooks: db.prepare(`
      UPDATE jobs SET webhook_attempts = lease.value ->> 'attempt' FROM json_each(?) AS lease
      WHERE jobs.id = lease.value ->> 'id' RETURNING ${JOB_COLUMNS}`),
    endWebhook: db.prepare('UPDATE jobs SET webhook_status = ? WHERE id = ?'),
    jobsSealedOtherwise: db.prepare('SELECT id, body AS bytes, key_id AS keyId FROM jobs WHERE key_id IS NOT ?'),
    resealJob: db.prepare('UPDATE jobs SET body = ?, key_id = ? WHERE id = ?'),
    countRequest: db.prepare(`
      INSERT INTO request_counts (id, count, until) VALUES (:id, 1, :until)
      ON CONFLICT (id) DO UPDATE SET count = iif(until > :now, count + 1, 1), until = iif(until > :now, until, excluded.until)
      RETURNING count, until`),
    removeRequestCounts: db.prepare('DELETE FROM request_counts WHERE until < ?'),
    isEnrolled: db.prepare('SELECT 1 FROM users WHERE username = ?'),
    insertAudit: db.prepare(`
      INSERT INTO audit (seq, at, event, request_id, key_name, details, username, photos, consent, salt, personal, previous, hash)
      VALUES (:seq, :at, :event, :requestId, :key, :details, :username, :photos, :consent, :salt, :personal, :previous, :hash)`),
    moveAuditHead: db.prepare('UPDATE audit_head SET seq = ?, hash = ?'),
    auditHead: db.prepare('SELECT seq, hash FROM audit_head'),
    blankAudit: db.prepare('UPDATE audit SET username = NULL, photos = NULL, consent = NULL, salt = NULL WHERE username = ?'),
    readAudit: db.prepare(`SELECT ${AUDIT} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`),
    auditOf: db.prepare(`SELECT ${AUDIT} FROM audit WHERE username = ? ORDER BY seq`),
    sealedOtherwise: db.prepare('SELECT DISTINCT username FROM shots WHERE key_id IS NOT ? ORDER BY username'),
    // From one key to the next in the index, however many shots there are.
    keyIds: db.prepare(`
      WITH RECURSIVE keys (id) AS (
        SELECT min(key_id) FROM shots UNION ALL SELECT (SELECT min(key_id) FROM shots WHERE key_id > id) FROM keys WHERE id IS NOT NULL)
      SELECT id AS keyId FROM keys WHERE id IS NOT NULL UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM shots WHERE key_id IS NULL)`),
    emptyLog: db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  }
}
