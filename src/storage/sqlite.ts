/**
 * The default store: one SQLite file in write-ahead-log mode, safe for several processes on one host (not on a network
 * file system). node:sqlite is synchronous, so a transaction is one uninterrupted piece of code in this process, and
 * BEGIN IMMEDIATE keeps the other processes out.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { answerContext, type AnswerRow, claimLost, resultOf, type Settlement, toPersonalAnswer } from './answers.ts'
import { type AuditEntry, type AuditHead, type AuditRow, nextRow } from './audit-chain.ts'
import { type JobCounts, queuePolicies } from './job-queue.ts'
import { jobContext, type JobEnd, JobLostError, type JobRow, type Lease, toClaimedJobs, toClaimedWebhooks, toJobState, toPersonalJob } from './jobs.ts'
import { checkUsername, enrolled, sealEmbedding, toPage, toUser, toVerificationPage, type UserShotRow } from './rows.ts'
import { plainSealer, refuseSealedOtherwise, type Sealed, type Sealer } from './sealing.ts'
import { migrations } from './sqlite-migrations.ts'
import { createSqliteQueue } from './sqlite-queue.ts'
import { prepareStatements } from './sqlite-statements.ts'
import type { KeptPhoto, RequestCount, SeenPhoto, Store, StoredVerification, User, UserSummary } from './store.ts'
import { refuseNewer, StoreError, type StoreErrorCode } from './store-error.ts'

export const databaseName = 'eco-connect.sqlite'

/** How long a writer waits for another process, milliseconds. */
const busyTimeout = 5000

/**
 * Opens the database in `folder`; creates both (modes 0700 and 0600) when they are missing, and brings the schema up to date.
 * @throws {StoreError} when the file is no database, damaged, not writable or written by a newer version
 */
export async function openSqlite (folder: string, sealer: Sealer = plainSealer, policies = queuePolicies({ REQUEST_TIMEOUT: 30 })): Promise<Store> {
  const file = join(folder, databaseName)
  const explained = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw explain(error, file)
    }
  }

  createPrivately(folder, file)
  const db = explained(() => new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true }))
  try {
    await enterWalMode(db)
    // FULL: a commit reaches the disk before it is acknowledged. secure_delete: erased bytes are overwritten.
    db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    migrate(db, file)
  } catch (error) {
    db.close()
    throw explain(error, file)
  }

  const statements = prepareStatements(db)
  const queue = createSqliteQueue(db, policies)
  const findUser = (username: string): User | null =>
    toUser(statements.findUser.all(username) as unknown as UserShotRow[], sealer)
  const insertShots = ({ username, shots }: User): void => shots.forEach((shot, position) => {
    const { embedding, keyId } = sealEmbedding(sealer, username, shot)
    statements.insertShot.run(username, position, shot.sha256, embedding, keyId, shot.createdAt)
  })
  const seenPhoto = (sha256: string, username: string): SeenPhoto => {
    const { shot, otherUser, earlier } = statements.seenPhoto.get({ sha256, username }) as unknown as { shot: number, otherUser: number, earlier: string | null }
    return { shot: shot === 1, otherUser: otherUser === 1, earlier }
  }
  const settle = ({ id, owner, answer }: Settlement): boolean => {
    const { bytes, keyId } = sealer.seal(answer.body, answerContext(id))
    return statements.keepAnswer.run(answer.status, bytes, keyId, JSON.stringify(answer.headers), id, owner).changes > 0
  }
  const countFailures = (username: string, reasons: readonly string[], since: string) =>
    statements.countFailures.get({ username, reasons: JSON.stringify(reasons), since }) as unknown as { count: number, first: string | null }
  const endJob = ({ id, attempt, status, outcome }: JobEnd): void => {
    if (!queue.complete('verify', { id, attempt })) throw new JobLostError(id)
    const { bytes, keyId } = sealer.seal(Buffer.from(outcome), jobContext(id))
    const ended = statements.endJob.get({ id, status, bytes, keyId })
    if (ended?.webhook != null) queue.send('webhook', id)
  }
  const removeJobs = (ids: string[]): number => {
    queue.remove(ids)
    return Number(statements.removeJobs.run(JSON.stringify(ids)).changes)
  }
  const idsOf = (rows: Record<string, unknown>[]): string[] => rows.map(({ id }) => String(id))
  const append = (entry: AuditEntry): void => {
    const enrolled = entry.username !== null && statements.isEnrolled.get(entry.username) !== undefined
    const row = nextRow(entry, statements.auditHead.get() as unknown as AuditHead, enrolled)
    statements.insertAudit.run({ ...row })
    statements.moveAuditHead.run(row.seq, row.hash)
  }

  return {
    kind: 'sqlite',

    async findUser (username) {
      checkUsername(username)
      return explained(() => findUser(username))
    },

    async saveUser (username, change) {
      checkUsername(username)
      return explained(() => transaction(db, () => {
        const current = findUser(username)
        const enrolment = change(current)
        const user = enrolled(username, current, enrolment)
        const { model, preprocessing, dimension } = user.contract
        statements.upsertUser.run(username, model, preprocessing, dimension, user.consent, user.createdAt, user.updatedAt)
        statements.deleteShots.run(username)
        insertShots(user)
        if (enrolment.settle !== undefined && !settle(enrolment.settle)) throw claimLost()
        if (enrolment.audit !== undefined) append(enrolment.audit)
        return user
      }))
    },

    async listUsers ({ limit, after }) {
      if (after !== undefined) checkUsername(after)
      return explained(() => toPage(statements.listUsers.all(after ?? '', limit + 1) as unknown as UserSummary[], limit))
    },

    async deleteUser (username, audit) {
      checkUsername(username)
      return explained(() => {
        const erased = transaction(db, () => {
          if (statements.isEnrolled.get(username) === undefined) return null
          const photos = statements.photosOf.all(username) as unknown as KeptPhoto[]
          const erased = {
            shots: Number(statements.deleteShots.run(username).changes),
            verifications: Number(statements.blankVerifications.run(username).changes),
            audit: Number(statements.blankAudit.run(username).changes),
            photos: photos.map(({ name }) => name),
            jobs: removeJobs(idsOf(statements.jobsOf.all(username))),
            answers: Number(statements.eraseAnswers.run(username).changes)
          }
          statements.deleteUser.run(username)
          append({ ...audit, details: { ...audit.details, erased: { ...erased, photos: photos.length } } })
          return erased
        })
        // The log still holds the erased pages; a reader in another process can hold this back until the next deletion.
        if (erased !== null) statements.emptyLog.all()
        return erased
      })
    },

    async countUsers () {
      return explained(() => Number(statements.countUsers.get()?.count))
    },

    async recordVerification (record, { audit, exclusive = false, limit, job, settle: settlement } = {}) {
      checkUsername(record.username)
      return explained(() => transaction(db, () => {
        if (limit !== undefined && countFailures(record.username, limit.reasons, limit.since).count >= limit.max) return 'locked'
        if (exclusive && seenPhoto(record.photo, record.username).otherUser) return 'replayed'
        statements.insertVerification.run({
          ...record, key: record.key ?? null, reasons: JSON.stringify(record.reasons), models: JSON.stringify(record.models)
        })
        if (job !== undefined) endJob(job)
        if (settlement !== undefined && !settle(settlement)) throw claimLost()
        if (audit !== undefined) append(audit)
        return 'recorded'
      }))
    },

    async findVerification (id) {
      const row = explained(() => statements.findVerification.get(id))
      return row === undefined ? null : toVerification(row)
    },

    async listVerifications ({ username, task, status, from, to }, { limit, after }) {
      const rows = explained(() => statements.listVerifications.all({
        username: username ?? null,
        task: task ?? null,
        status: status ?? null,
        from: from ?? null,
        to: to ?? null,
        createdAt: after?.createdAt ?? null,
        id: after?.id ?? null,
        limit: limit + 1
      }))
      return toVerificationPage(rows.map(toVerification), limit)
    },

    async countFailures (username, reasons, since) {
      return explained(() => countFailures(username, reasons, since))
    },

    async seenPhoto (sha256, username) {
      return explained(() => seenPhoto(sha256, username))
    },

    async addPhoto (photo) {
      return explained(() => statements.insertPhoto.run({ ...photo }).changes === 1)
    },

    async listPhotos (username) {
      return explained(() => statements.photosOf.all(username) as unknown as KeptPhoto[]).map(photo => ({ ...photo }))
    },

    async knownPhotos (names) {
      return new Set(explained(() => statements.knownPhotos.all(JSON.stringify(names))).map(({ name }) => String(name)))
    },

    async removeBefore (moment, audit) {
      const removed = explained(() => transaction(db, () => {
        const photos = statements.removePhotos.all(moment).map(({ name }) => String(name))
        const verifications = Number(statements.removeVerifications.run(moment).changes)
        if (photos.length + verifications > 0) append({ ...audit, details: { ...audit.details, removed: { photos: photos.length, verifications } } })
        return { photos, verifications }
      }))
      if (removed.photos.length + removed.verifications > 0) explained(() => statements.emptyLog.all())
      return removed
    },

    async claimAnswer (claim) {
      return explained(() => transaction(db, () => {
        const result = resultOf(statements.findAnswer.get(claim.id) as unknown as AnswerRow | undefined, claim, sealer)
        const { id, username, fingerprint, owner, now, leaseUntil } = claim
        if (result.state === 'claimed') statements.claimAnswer.run(id, username, fingerprint, owner, leaseUntil, now)
        return result
      }))
    },

    async settleAnswer (id, owner, answer) {
      explained(() => answer === null ? statements.dropClaim.run(id, owner) : settle({ id, owner, answer }))
    },

    async removeAnswers (before) {
      const removed = Number(explained(() => statements.removeAnswers.run(before)).changes)
      if (removed > 0) explained(() => statements.emptyLog.all())
      return removed
    },

    async answersOf (username) {
      return explained(() => statements.answersOf.all(username) as unknown as AnswerRow[]).map(row => toPersonalAnswer(row, sealer))
    },

    async jobsOf (username) {
      return explained(() => statements.jobsOf.all(username) as unknown as JobRow[]).map(row => toPersonalJob(row, sealer))
    },

    async addJob ({ id, photo, limited, scores, ...job }, max, settlement) {
      checkUsername(job.username)
      const { bytes, keyId } = sealer.seal(photo, jobContext(id))
      return explained(() => transaction(db, () => {
        const added = statements.insertJob.run({ ...job, id, limited: Number(limited), scores: Number(scores), bytes, keyId, max }).changes === 1
        if (!added) return false
        queue.send('verify', id)
        if (settlement !== undefined && !settle(settlement)) throw claimLost()
        return true
      }))
    },

    async claimJobs (limit) {
      if (!explained(() => queue.isDue('verify'))) return []
      const { leases, rows } = explained(() => transaction(db, () => {
        const leases = queue.fetch('verify', limit)
        return { leases, rows: statements.startJobs.all(JSON.stringify(leases)) as unknown as JobRow[] }
      }))
      return toClaimedJobs(leases, rows, sealer)
    },

    async retryJob (lease) {
      explained(() => transaction(db, () => {
        if (queue.retry('verify', lease)) statements.stopJob.run(lease.id)
      }))
    },

    async endJob (end, audit) {
      explained(() => transaction(db, () => {
        endJob(end)
        append(audit)
      }))
    },

    async findJob (id) {
      const row = explained(() => statements.findJob.get(id)) as unknown as JobRow | undefined
      return row === undefined ? null : toJobState(row, sealer)
    },

    async countJobs () {
      return explained(() => ({ ...statements.countJobs.get() as unknown as JobCounts }))
    },

    async removeJobs (before) {
      const removed = explained(() => transaction(db, () => removeJobs(idsOf(statements.jobsBefore.all(before)))))
      if (removed > 0) explained(() => statements.emptyLog.all())
      return removed
    },

    async claimWebhooks (limit) {
      if (!explained(() => queue.isDue('webhook'))) return []
      const { leases, rows } = explained(() => transaction(db, () => {
        const leases = queue.fetch('webhook', limit)
        return { leases, rows: statements.startWebhooks.all(JSON.stringify(leases)) as unknown as JobRow[] }
      }))
      return toClaimedWebhooks(leases, rows, sealer)
    },

    async retryWebhook (lease) {
      explained(() => queue.retry('webhook', lease))
    },

    async endWebhook (lease: Lease, status, audit) {
      return explained(() => transaction(db, () => {
        if (!queue.complete('webhook', lease)) return false
        statements.endWebhook.run(status, lease.id)
        append(audit)
        return true
      }))
    },

    async countRequest (request) {
      // Without waiting for the disk: a request would cost as much as an enrolment.
      db.exec('PRAGMA synchronous = NORMAL')
      try {
        return explained(() => ({ ...statements.countRequest.get(request) as unknown as RequestCount }))
      } finally {
        db.exec('PRAGMA synchronous = FULL')
      }
    },

    async removeRequestCounts (before) {
      explained(() => statements.removeRequestCounts.run(before))
    },

    async appendAudit (entry) {
      explained(() => transaction(db, () => append(entry)))
    },

    async readAudit ({ after, limit }) {
      return explained(() => statements.readAudit.all(after, limit) as unknown as AuditRow[])
    },

    async auditOf (username) {
      return explained(() => statements.auditOf.all(username) as unknown as AuditRow[])
    },

    async auditHead () {
      return explained(() => ({ ...statements.auditHead.get() as unknown as AuditHead }))
    },

    async resealTemplates () {
      return explained(() => {
        let shots = 0
        for (const { username } of statements.sealedOtherwise.all(sealer.keyId)) {
          transaction(db, () => {
            const user = findUser(String(username))
            if (user === null) return
            statements.deleteShots.run(user.username)
            insertShots(user)
            shots += user.shots.length
          })
        }
        const reseal = (find: StatementSync, write: StatementSync, contextOf: (id: string) => string): number => transaction(db, () => {
          const rows = find.all(sealer.keyId) as unknown as (Sealed & { id: string })[]
          for (const { id, ...sealed } of rows) {
            const { bytes, keyId } = sealer.seal(sealer.open(sealed, contextOf(id)), contextOf(id))
            write.run(bytes, keyId, id)
          }
          return rows.length
        })
        const answers = reseal(statements.answersSealedOtherwise, statements.resealAnswer, answerContext)
        const jobs = reseal(statements.jobsSealedOtherwise, statements.resealJob, jobContext)
        if (shots + answers + jobs > 0) statements.emptyLog.all()
        return shots
      })
    },

    async check () {
      refuseSealedOtherwise(sealer, explained(() => statements.keyIds.all()).map(({ keyId }) => keyId as string | null))
    },

    async close () {
      if (db.isOpen) db.close()
    }
  }
}

function toVerification (row: Record<string, unknown>): StoredVerification {
  return { ...row, reasons: JSON.parse(String(row.reasons)), models: JSON.parse(String(row.models)) } as StoredVerification
}

function transaction<T> (db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Takes the write lock even when there is nothing to do, so that a file that cannot be written stops the start. */
function migrate (db: DatabaseSync, file: string): void {
  transaction(db, () => {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    refuseNewer(file, version, migrations.length)
    for (const step of migrations.slice(version)) db.exec(step)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

/**
 * Opens nothing that exists: closing a second descriptor of an open database would drop this process's locks on it
 * (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 */
function createPrivately (folder: string, file: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (isCode(error, 'EEXIST') && error.path === file) return
    if (isCode(error, 'EACCES') || isCode(error, 'EROFS') || isCode(error, 'EPERM')) {
      throw new StoreError('store_read_only', `${file} cannot be created (${error.code}): give the service a DATA_DIR that it may write to`, error)
    }
    throw new StoreError('store_unreachable', `${file} cannot be created: ${messageOf(error)}; set DATA_DIR to a folder`, error)
  }
}

/** SQLite does not wait for another process that enters WAL mode at the same moment, it fails at once. */
async function enterWalMode (db: DatabaseSync): Promise<void> {
  const deadline = Date.now() + busyTimeout
  for (;;) {
    try {
      // A new file gets pages that hold three embeddings of 512 floats each instead of one and a rest.
      db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (sqliteCode(error) !== SQLITE_BUSY || Date.now() > deadline) throw error
      await sleep(10)
    }
  }
}

/** Primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const faults: Record<number, [StoreErrorCode, (file: string) => string]> = {
  [SQLITE_BUSY]: ['store_busy', file => `${file} stayed locked by another process for ${busyTimeout} ms: see what holds it, then try again`],
  8: ['store_read_only', file => `${file} cannot be written: give the service write permission on the file and its folder`],
  10: ['store_unreachable', file => `${file} cannot be read or written by the disk: check the disk, then restart`],
  11: ['store_corrupt', file => `${file} is damaged: restore a backup`],
  13: ['store_full', file => `${file} cannot grow, the disk is full: free some space`],
  14: ['store_unreachable', file => `${file} cannot be opened: check that DATA_DIR is a folder the service may read and write`],
  26: ['store_corrupt', file => `${file} is not an SQLite database: restore a backup, or move the file away to start empty`]
}

function explain (error: unknown, file: string): unknown {
  const fault = faults[sqliteCode(error) ?? 0]
  if (fault === undefined) return error
  const [code, sentence] = fault
  return new StoreError(code, `${sentence(file)} (${messageOf(error)})`, error)
}

/** The low byte of an extended result code is the primary one. */
function sqliteCode (error: unknown): number | undefined {
  return isCode(error, 'ERR_SQLITE_ERROR') && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

function isCode (error: unknown, code: string): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && error.code === code
}

function messageOf (error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
