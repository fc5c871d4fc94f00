/**
 * The store for several hosts: PostgreSQL 13 or later, a database encoded in UTF8. What a deletion erases stays in the
 * server's files until it vacuums, and in its log archives and backups until those are dropped.
 */
import { ANSWER_COLUMNS, answerContext, type AnswerRow, claimLost, resultOf, type Settlement, toPersonalAnswer } from './answers.ts'
import { type AuditEntry, type AuditHead, type AuditRow, emptyHead, nextRow } from './audit-chain.ts'
import { type JobCounts, queuePolicies } from './job-queue.ts'
import { JOB_COLUMNS, jobContext, type JobEnd, JobLostError, type JobRow, type Lease, toClaimedJobs, toClaimedWebhooks, toJobState, toPersonalJob } from './jobs.ts'
import { type Db, openPgBossQueue, type PgBossQueue } from './pg-boss-queue.ts'
import { connectPostgres, type Query } from './postgres-connection.ts'
import { migrations } from './postgres-migrations.ts'
import { checkUsername, enrolled, sealEmbedding, toPage, toUser, toVerificationPage, type UserShotRow } from './rows.ts'
import { plainSealer, refuseSealedOtherwise, type Sealed, type Sealer } from './sealing.ts'
import type { KeptPhoto, RequestCount, SeenPhoto, Store, StoredVerification, User, UserSummary } from './store.ts'
import { refuseNewer, StoreError } from './store-error.ts'

/**
 * Connects to `url` (postgres://user:password@host:port/database) with at most `poolMax` connections, and brings the
 * schema up to date.
 * @throws {ConfigError} when the URL cannot be read
 * @throws {StoreError} when the server cannot be reached, or its database was written by a newer version
 */
export async function openPostgres (url: string, poolMax: number, sealer: Sealer = plainSealer, policies = queuePolicies({ REQUEST_TIMEOUT: 30 })): Promise<Store> {
  const connection = connectPostgres(url, poolMax)
  const { where, connected, transaction, changing } = connection

  let queue: PgBossQueue
  try {
    await transaction(query => migrate(query, where))
    queue = await openPgBossQueue(connection.queueDb, policies)
    await transaction((query, db) => queueForgotten(query, db, queue))
  } catch (error) {
    await connection.close()
    throw error
  }

  const endJob = async (query: Query, db: Db, { id, attempt, status, outcome }: JobEnd): Promise<void> => {
    if (!await queue.complete('verify', { id, attempt }, db)) throw new JobLostError(id)
    const { bytes, keyId } = sealer.seal(Buffer.from(outcome), jobContext(id))
    const { rows: [row] } = await query<{ webhook: string | null }>('UPDATE jobs SET status = $2, body = $3, key_id = $4 WHERE id = $1 RETURNING webhook',
      [id, status, Buffer.from(bytes), keyId])
    if (row?.webhook != null) await queue.send('webhook', [id], db)
  }

  /** The queue's rows first, as everywhere, so that no two transactions wait for each other. */
  const removeJobs = async (query: Query, db: Db, found: { id: string }[]): Promise<number> => {
    const ids = found.map(({ id }) => id)
    await queue.remove(ids, db)
    return (await query('DELETE FROM jobs WHERE id = ANY($1)', [ids])).count
  }

  return {
    kind: 'postgres',

    async findUser (username) {
      checkUsername(username)
      return connected(query => findUser(query, username, sealer))
    },

    async saveUser (username, change) {
      checkUsername(username)
      return changing(username, async query => {
        const current = await findUser(query, username, sealer)
        const enrolment = change(current)
        const user = enrolled(username, current, enrolment)
        const { model, preprocessing, dimension } = user.contract
        await query(`
          INSERT INTO users (username, model, preprocessing, dimension, consent, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
          ON CONFLICT (username) DO UPDATE SET
            model = excluded.model, preprocessing = excluded.preprocessing, dimension = excluded.dimension,
            consent = excluded.consent, updated_at = excluded.updated_at`,
        [username, model, preprocessing, dimension, user.consent, user.createdAt, user.updatedAt])
        await replaceShots(query, user, sealer)
        if (enrolment.settle !== undefined && !await settle(query, enrolment.settle, sealer)) throw claimLost()
        if (enrolment.audit !== undefined) await append(query, enrolment.audit)
        return user
      })
    },

    async listUsers ({ limit, after }) {
      if (after !== undefined) checkUsername(after)
      const { rows } = await connected(query => query<UserSummary>(`
        SELECT username, created_at AS "createdAt", updated_at AS "updatedAt",
          (SELECT count(*)::int FROM shots WHERE shots.username = users.username) AS shots
        FROM users WHERE username > $1 ORDER BY username LIMIT $2`, [after ?? '', limit + 1]))
      return toPage(rows, limit)
    },

    async deleteUser (username, audit) {
      checkUsername(username)
      return changing(username, async (query, db) => {
        // Locking the row holds back new records of the user, so that the counts are exact.
        const { count } = await query('SELECT 1 FROM users WHERE username = $1 FOR UPDATE', [username])
        if (count === 0) return null
        const verifications = await query('UPDATE verifications SET username = NULL, photo = NULL WHERE username = $1', [username])
        const blanked = await query('UPDATE audit SET username = NULL, photos = NULL, consent = NULL, salt = NULL WHERE username = $1', [username])
        const photos = await query<{ name: string }>('DELETE FROM photos WHERE username = $1 RETURNING name', [username])
        const answers = await query('DELETE FROM answers WHERE username = $1', [username])
        const jobs = await removeJobs(query, db, (await query<{ id: string }>('SELECT id FROM jobs WHERE username = $1', [username])).rows)
        const shots = await query('DELETE FROM shots WHERE username = $1', [username])
        await query('DELETE FROM users WHERE username = $1', [username])
        const erased = {
          shots: shots.count, verifications: verifications.count, audit: blanked.count, photos: photos.rows.map(({ name }) => name), jobs, answers: answers.count
        }
        await append(query, { ...audit, details: { ...audit.details, erased: { ...erased, photos: photos.count } } })
        return erased
      })
    },

    async countUsers () {
      const { rows } = await connected(query => query<{ count: string }>('SELECT count(*) FROM users'))
      return Number(rows[0]?.count)
    },

    async recordVerification (record, { audit, exclusive = false, limit, job, settle: settlement } = {}) {
      checkUsername(record.username)
      return transaction(async (query, db) => {
        // The user may have been deleted since the photo came in: then the record is kept without the name.
        const enrolled = await holdUser(query, record.username)
        if (limit !== undefined) {
          // Verdicts on one user come one after the other, so that each sees the failures before it.
          await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`failures ${record.username}`])
          if ((await countFailures(query, record.username, limit.reasons, limit.since)).count >= limit.max) return 'locked'
        }
        if (exclusive) {
          // Requests with the same bytes come one after the other, so that one of them sees the other.
          await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`photo ${record.photo}`])
          if ((await seenPhoto(query, record.photo, record.username)).otherUser) return 'replayed'
        }
        await query(`
          INSERT INTO verifications (id, request_id, username, task, status, reasons, similarity, liveness_score, photo, models, key_name, created_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          record.id, record.requestId, enrolled ? record.username : null, record.task, record.status, record.reasons, record.similarity,
          record.livenessScore, enrolled ? record.photo : null, record.models, record.key ?? null, record.createdAt
        ])
        if (job !== undefined) await endJob(query, db, job)
        if (settlement !== undefined && !await settle(query, settlement, sealer)) throw claimLost()
        if (audit !== undefined) await append(query, audit)
        return 'recorded'
      })
    },

    async findVerification (id) {
      const { rows: [row] } = await connected(query => query<StoredVerification>(`SELECT ${VERIFICATION} FROM verifications WHERE id = $1`, [id]))
      return row ?? null
    },

    async listVerifications ({ username, task, status, from, to }, { limit, after }) {
      const { rows } = await connected(query => query<StoredVerification>(`
        SELECT ${VERIFICATION} FROM verifications
        WHERE ($1::text IS NULL OR username = $1) AND ($2::text IS NULL OR task = $2) AND ($3::text IS NULL OR status = $3)
          AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
          AND ($7::text IS NULL OR (created_at, id COLLATE "C") < ($6::timestamptz, $7))
        ORDER BY created_at DESC, id COLLATE "C" DESC LIMIT $8`,
      [username, task, status, from, to, after?.createdAt, after?.id, limit + 1]))
      return toVerificationPage(rows, limit)
    },

    async countFailures (username, reasons, since) {
      return connected(query => countFailures(query, username, reasons, since))
    },

    async seenPhoto (sha256, username) {
      return connected(query => seenPhoto(query, sha256, username))
    },

    async addPhoto ({ name, username, kind, sha256, verification, createdAt }) {
      const { count } = await connected(query => query(`
        INSERT INTO photos (name, username, kind, sha256, verification, created_at)
        SELECT $1, username, $3, $4, $5, $6::timestamptz FROM users WHERE username = $2 FOR KEY SHARE`,
      [name, username, kind, sha256, verification, createdAt]))
      return count === 1
    },

    async listPhotos (username) {
      const { rows } = await connected(query => query<KeptPhoto>(`
        SELECT name, username, kind, sha256, verification, created_at AS "createdAt" FROM photos
        WHERE username = $1 ORDER BY created_at, name COLLATE "C"`, [username]))
      return rows
    },

    async knownPhotos (names) {
      const { rows } = await connected(query => query<{ name: string }>('SELECT name FROM photos WHERE name = ANY($1)', [names]))
      return new Set(rows.map(({ name }) => name))
    },

    async removeBefore (moment, audit) {
      return transaction(async query => {
        // Rows that somebody else is changing wait for the next time, so that no two transactions wait for each other.
        const photos = await query<{ name: string }>(`
          DELETE FROM photos WHERE name IN (SELECT name FROM photos WHERE created_at < $1 FOR UPDATE SKIP LOCKED) RETURNING name`, [moment])
        const verifications = await query(`
          DELETE FROM verifications WHERE id IN (SELECT id FROM verifications WHERE created_at < $1 FOR UPDATE SKIP LOCKED)`, [moment])
        if (photos.count + verifications.count > 0) {
          await append(query, { ...audit, details: { ...audit.details, removed: { photos: photos.count, verifications: verifications.count } } })
        }
        return { photos: photos.rows.map(({ name }) => name), verifications: verifications.count }
      })
    },

    async claimAnswer (claim) {
      const { id, username, fingerprint, owner, now, leaseUntil } = claim
      return transaction(async query => {
        await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`answer ${id}`])
        const { rows: [row] } = await query<AnswerRow>(`
          SELECT ${ANSWER_COLUMNS} FROM answers WHERE id = $1 FOR UPDATE`, [id])
        const result = resultOf(row, claim, sealer)
        if (result.state === 'claimed') {
          await query('DELETE FROM answers WHERE id = $1', [id])
          await query('INSERT INTO answers (id, username, fingerprint, owner, lease_until, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
            [id, username, fingerprint, owner, leaseUntil, now])
        }
        return result
      })
    },

    async settleAnswer (id, owner, answer) {
      await connected<unknown>(query => answer === null
        ? query('DELETE FROM answers WHERE id = $1 AND owner = $2 AND status IS NULL', [id, owner])
        : settle(query, { id, owner, answer }, sealer))
    },

    async removeAnswers (before) {
      return (await connected(query => query('DELETE FROM answers WHERE created_at < $1', [before]))).count
    },

    async answersOf (username) {
      const { rows } = await connected(query => query<AnswerRow>(`SELECT ${ANSWER_COLUMNS} FROM answers WHERE username = $1 ORDER BY created_at, id`, [username]))
      return rows.map(row => toPersonalAnswer(row, sealer))
    },

    async jobsOf (username) {
      const { rows } = await connected(query => query<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE username = $1 ORDER BY created_at, id`, [username]))
      return rows.map(row => toPersonalJob(row, sealer))
    },

    async addJob ({ id, username, task, key, requestId, limited, webhook, scores, createdAt, photo }, max, settlement) {
      checkUsername(username)
      const { bytes, keyId } = sealer.seal(photo, jobContext(id))
      return transaction(async (query, db) => {
        const { count } = await query(`
          INSERT INTO jobs (id, username, task, key_name, request_id, limited, created_at, status, webhook, webhook_status, scores, body, key_id)
          SELECT $1, $2, $3, $4, $5, $6, $7::timestamptz, 'pending', $8, CASE WHEN $8::text IS NOT NULL THEN 'pending' END, $9, $10, $11
          WHERE (SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')) < $12`,
        [id, username, task, key, requestId, limited, createdAt, webhook, scores, Buffer.from(bytes), keyId, max])
        if (count === 0) return false
        await queue.send('verify', [id], db)
        if (settlement !== undefined && !await settle(query, settlement, sealer)) throw claimLost()
        return true
      })
    },

    async claimJobs (limit) {
      const leases = await queue.fetch('verify', limit)
      if (leases.length === 0) return []
      // A lease may have lapsed since, and the job ended in other hands.
      const { rows } = await connected(query => query<JobRow>(`UPDATE jobs SET status = 'running' WHERE id = ANY($1) AND status IN ('pending', 'running') RETURNING ${JOB_COLUMNS}`, [leases.map(({ id }) => id)]))
      return toClaimedJobs(leases, rows, sealer)
    },

    async retryJob (lease) {
      await transaction(async (query, db) => {
        if (await queue.retry('verify', lease, db)) await query("UPDATE jobs SET status = 'pending' WHERE id = $1", [lease.id])
      })
    },

    async endJob (end, audit) {
      await transaction(async (query, db) => {
        await holdUser(query, audit.username)
        await endJob(query, db, end)
        await append(query, audit)
      })
    },

    async findJob (id) {
      const { rows: [row] } = await connected(query => query<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = $1`, [id]))
      return row === undefined ? null : toJobState(row, sealer)
    },

    async countJobs () {
      const { rows: [counts] } = await connected(query => query<JobCounts>(`
        SELECT count(*) FILTER (WHERE status = 'pending')::int AS waiting, count(*) FILTER (WHERE status = 'running')::int AS running,
          (SELECT count(*)::int FROM jobs WHERE webhook_status = 'pending' AND status IN ('done', 'failed')) AS webhooks
        FROM jobs WHERE status IN ('pending', 'running')`))
      return counts!
    },

    async removeJobs (before) {
      return transaction(async (query, db) => removeJobs(query, db, (await query<{ id: string }>('SELECT id FROM jobs WHERE created_at < $1', [before])).rows))
    },

    async claimWebhooks (limit) {
      const leases = await queue.fetch('webhook', limit)
      if (leases.length === 0) return []
      const { rows } = await connected(query => query<JobRow>(`
        UPDATE jobs SET webhook_attempts = lease.attempt FROM unnest($1::text[], $2::int[]) AS lease (lease_id, attempt)
        WHERE id = lease_id RETURNING ${JOB_COLUMNS}`, [leases.map(({ id }) => id), leases.map(({ attempt }) => attempt)]))
      return toClaimedWebhooks(leases, rows, sealer)
    },

    async retryWebhook (lease) {
      await transaction((_, db) => queue.retry('webhook', lease, db))
    },

    async endWebhook (lease: Lease, status, audit) {
      return transaction(async (query, db) => {
        await holdUser(query, audit.username)
        if (!await queue.complete('webhook', lease, db)) return false
        await query('UPDATE jobs SET webhook_status = $2 WHERE id = $1', [lease.id, status])
        await append(query, audit)
        return true
      })
    },

    async countRequest ({ id, now, until }) {
      const { rows: [row] } = await connected(query => query<RequestCount>(`
        INSERT INTO request_counts AS current (id, count, until) VALUES ($1, 1, $3)
        ON CONFLICT (id) DO UPDATE SET
          count = CASE WHEN current.until > $2 THEN current.count + 1 ELSE 1 END,
          until = CASE WHEN current.until > $2 THEN current.until ELSE excluded.until END
        RETURNING count, until`, [id, now, until]))
      return row!
    },

    async removeRequestCounts (before) {
      await connected(query => query('DELETE FROM request_counts WHERE until < $1', [before]))
    },

    async appendAudit (entry) {
      await transaction(query => append(query, entry))
    },

    async readAudit ({ after, limit }) {
      const { rows } = await connected(query => query<AuditRow>(`SELECT ${AUDIT} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, [after, limit]))
      return rows
    },

    async auditOf (username) {
      const { rows } = await connected(query => query<AuditRow>(`SELECT ${AUDIT} FROM audit WHERE username = $1 ORDER BY seq`, [username]))
      return rows
    },

    async auditHead () {
      return connected(query => auditHead(query))
    },

    async resealTemplates () {
      const { rows } = await connected(query => query<{ username: string }>(
        'SELECT DISTINCT username FROM shots WHERE key_id IS DISTINCT FROM $1 ORDER BY username', [sealer.keyId]))
      let shots = 0
      for (const { username } of rows) {
        shots += await changing(username, async query => {
          const user = await findUser(query, username, sealer)
          if (user === null) return 0
          await replaceShots(query, user, sealer)
          return user.shots.length
        })
      }
      for (const [table, contextOf] of [['answers', answerContext], ['jobs', jobContext]] as const) {
        await transaction(async query => {
          const { rows } = await query<Sealed & { id: string }>(`
            SELECT id, body AS bytes, key_id AS "keyId" FROM ${table} WHERE body IS NOT NULL AND key_id IS DISTINCT FROM $1 FOR UPDATE`, [sealer.keyId])
          for (const { id, ...sealed } of rows) {
            const { bytes, keyId } = sealer.seal(sealer.open(sealed, contextOf(id)), contextOf(id))
            await query(`UPDATE ${table} SET body = $2, key_id = $3 WHERE id = $1`, [id, Buffer.from(bytes), keyId])
          }
        })
      }
      return shots
    },

    async check () {
      // From one key to the next in the index, however many shots there are.
      const { rows } = await connected(query => query<{ keyId: string | null }>(`
        WITH RECURSIVE keys (id) AS (
          SELECT min(key_id COLLATE "C") FROM shots
          UNION ALL SELECT (SELECT min(key_id COLLATE "C") FROM shots WHERE key_id COLLATE "C" > id) FROM keys WHERE id IS NOT NULL)
        SELECT id AS "keyId" FROM keys WHERE id IS NOT NULL UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM shots WHERE key_id IS NULL)`))
      refuseSealedOtherwise(sealer, rows.map(({ keyId }) => keyId))
    },

    async close () {
      if (connection.closing()) return
      await queue.close()
      await connection.close()
    }
  }
}

/** One statement, hence one snapshot: a writer in between cannot mix the user of one moment with the shots of another. */
async function findUser (query: Query, username: string, sealer: Sealer): Promise<User | null> {
  const { rows } = await query<UserShotRow>(`
    SELECT username, users.created_at AS "createdAt", updated_at AS "updatedAt", model, preprocessing, dimension, consent,
      sha256, embedding, key_id AS "keyId", shots.created_at AS "shotCreatedAt"
    FROM users JOIN shots USING (username) WHERE username = $1 ORDER BY position`, [username])
  return toUser(rows, sealer)
}

async function replaceShots (query: Query, { username, shots }: User, sealer: Sealer): Promise<void> {
  const sealed = shots.map(shot => sealEmbedding(sealer, username, shot))
  await query('DELETE FROM shots WHERE username = $1', [username])
  await query(`
    INSERT INTO shots (username, position, sha256, embedding, key_id, created_at)
    SELECT $1, position, sha256, embedding, key_id, created_at
    FROM unnest($2::text[], $3::bytea[], $4::text[], $5::timestamptz[]) WITH ORDINALITY AS shot (sha256, embedding, key_id, created_at, position)`,
  [
    username,
    shots.map(shot => shot.sha256),
    sealed.map(({ embedding }) => Buffer.from(embedding)),
    sealed.map(({ keyId }) => keyId),
    shots.map(shot => shot.createdAt)
  ])
}

const VERIFICATION = `id, request_id AS "requestId", username, task, status, reasons, similarity, liveness_score AS "livenessScore", photo, models,
  key_name AS "key", created_at AS "createdAt"`

const AUDIT = `seq::double precision AS seq, at, event, request_id AS "requestId", key_name AS "key", details, username, photos, consent, salt,
  personal, previous, hash`

async function seenPhoto (query: Query, sha256: string, username: string): Promise<SeenPhoto> {
  const { rows: [seen] } = await query<SeenPhoto>(`
    SELECT EXISTS (SELECT 1 FROM shots WHERE sha256 = $1) AS shot,
      EXISTS (SELECT 1 FROM verifications WHERE photo = $1 AND status = 'approved' AND username <> $2) AS "otherUser",
      (SELECT id FROM verifications WHERE photo = $1 AND username = $2 ORDER BY created_at, id COLLATE "C" LIMIT 1) AS earlier`,
  [sha256, username])
  return seen!
}

async function countFailures (query: Query, username: string, reasons: readonly string[], since: string): Promise<{ count: number, first: string | null }> {
  const { rows: [row] } = await query<{ count: number, first: string | null }>(`
    SELECT count(*)::int AS count, min(created_at) AS first FROM verifications
    WHERE username = $1 AND status = 'rejected' AND created_at >= $3 AND reasons && $2::text[]
      AND created_at > coalesce((SELECT max(created_at) FROM verifications WHERE username = $1 AND status = 'approved'), '-infinity')`,
  [username, reasons, since])
  return row!
}

/** False when `owner` no longer holds the claim; then nothing is written. */
async function settle (query: Query, { id, owner, answer }: Settlement, sealer: Sealer): Promise<boolean> {
  const { bytes, keyId } = sealer.seal(answer.body, answerContext(id))
  const { count } = await query('UPDATE answers SET status = $3, body = $4, key_id = $5, headers = $6 WHERE id = $1 AND owner = $2 AND status IS NULL',
    [id, owner, answer.status, Buffer.from(bytes), keyId, JSON.stringify(answer.headers)])
  return count > 0
}

/** Queues what the queue does not know: jobs of an older version, or of a backup of our tables alone. */
async function queueForgotten (query: Query, db: Db, queue: PgBossQueue): Promise<void> {
  const { rows } = await query<{ id: string, ended: boolean }>(`
    SELECT id, status IN ('done', 'failed') AS ended FROM jobs
    WHERE status IN ('pending', 'running') OR webhook_status = 'pending' ORDER BY created_at`)
  for (const [name, ended] of [['verify', false], ['webhook', true]] as const) {
    const ids = rows.filter(row => row.ended === ended).map(({ id }) => id)
    if (ids.length > 0) await queue.send(name, ids, db)
  }
}

/** True when the user is enrolled; then nobody erases the user before the transaction ends. Always the first lock that is taken. */
async function holdUser (query: Query, username: string | null): Promise<boolean> {
  return (await query('SELECT 1 FROM users WHERE username = $1 FOR KEY SHARE', [username])).count > 0
}

async function auditHead (query: Query, lock = ''): Promise<AuditHead> {
  const { rows: [head] } = await query<AuditHead>(`SELECT seq::double precision AS seq, hash FROM audit_head ${lock}`)
  return head ?? emptyHead
}

/** Locks the end of the chain until the transaction ends; always the last lock that is taken, so that none waits in a circle. */
async function append (query: Query, entry: AuditEntry): Promise<void> {
  const enrolled = await holdUser(query, entry.username)
  const row = nextRow(entry, await auditHead(query, 'FOR UPDATE'), enrolled)
  await query(`
    INSERT INTO audit (seq, at, event, request_id, key_name, details, username, photos, consent, salt, personal, previous, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
  [
    row.seq, row.at, row.event, row.requestId, row.key, row.details, row.username, row.photos, row.consent, row.salt, row.personal,
    row.previous, row.hash
  ])
  await query('UPDATE audit_head SET seq = $1, hash = $2', [row.seq, row.hash])
}

/** The lock makes instances that start together migrate one after the other. */
async function migrate (query: Query, where: string): Promise<void> {
  await query("SELECT pg_advisory_xact_lock(hashtextextended('schema', 0))")
  const { rows: [server] } = await query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding")
  if (server?.encoding !== 'UTF8') {
    throw new StoreError('store_unsupported', `${where} is encoded in ${server?.encoding}, expected UTF8: create the database with ENCODING 'UTF8'`)
  }

  await query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
  const { rows: [schema] } = await query<{ version: number }>('SELECT version FROM schema_version')
  const version = schema?.version ?? 0
  refuseNewer(where, version, migrations.length)
  if (version === migrations.length) return
  for (const step of migrations.slice(version)) await query(step)
  await query('DELETE FROM schema_version')
  await query('INSERT INTO schema_version (version) VALUES ($1)', [migrations.length])
}
