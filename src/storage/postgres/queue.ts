/**
 * The queue on PostgreSQL, and the only importer of pg-boss: its tables, in a schema of their own, hold ids; their
 * order, leases, pauses and retries are its work. Whatever must happen together with a change of our own tables takes
 * the `Db` of that transaction.
 */
import { type Db, PgBoss } from 'pg-boss'
import { type QueueName, type QueuePolicies, queueNames } from '../queue-policies.ts'
import type { Lease } from '../subjects/deferred.ts'

export type { Db } from 'pg-boss'

export const QUEUE_SCHEMA = 'eco_connect_queue'

/** How often one of the processes looks for leases that lapsed, seconds. */
const SUPERVISE_SECONDS = 2

const START_ATTEMPTS = 3

const HOUR_SECONDS = 60 * 60

/** The service counts the attempts and gives a job up with a reason; the queue must never do so before it. */
const RETRY_LIMIT = 10_000

/** Jobs stay until JOB_HOURS remove them, 30 days at most. */
const RETENTION_SECONDS = 31 * 24 * HOUR_SECONDS

export type PgBossQueue = Awaited<ReturnType<typeof openPgBossQueue>>

/**
 * Migrates pg-boss's schema, one process at a time.
 * @param tenant whose queue it is; null: that of the default namespace
 */
export async function openPgBossQueue (db: Db, policies: QueuePolicies, tenant: string | null) {
  const schema = tenant === null ? QUEUE_SCHEMA : `${QUEUE_SCHEMA}_${tenant}`
  const { rows: [found] } = await db.executeSql('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])
  const boss = new PgBoss({
    db,
    schema,
    // A role that may not create schemas works in the one that was made for it.
    createSchema: found === undefined,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    maintenanceIntervalSeconds: HOUR_SECONDS,
    // No schedules, flows of jobs, list of instances or reports on the server: none are used.
    schedule: false,
    flowIntervalSeconds: 24 * HOUR_SECONDS,
    registerInstance: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false }
  })
  // A pass that fails, because the server is away, is made again; callers get the fault of their own calls.
  boss.on('error', () => {})
  // Of processes that install it at the same moment the slower ones fail, and find it there at the next attempt.
  await boss.start({ attempts: START_ATTEMPTS })
  for (const name of queueNames) await boss.createQueue(name)

  return {
    /** Queues ids; those that are queued already stay where they are. Lower turns are leased first. */
    async send (name: QueueName, ids: readonly string[], transaction: Db, turn = 0): Promise<void> {
      const { lease, pause, pauseMax } = policies[name]
      const options = {
        priority: -turn,
        expireInSeconds: lease,
        retryLimit: RETRY_LIMIT,
        retryDelay: pause,
        retryBackoff: true,
        retryDelayMax: pauseMax,
        retentionSeconds: RETENTION_SECONDS,
        deleteAfterSeconds: HOUR_SECONDS
      }
      await boss.insert(name, ids.map(id => ({ id, ...options })), { db: transaction })
    },

    async fetch (name: QueueName, limit: number): Promise<Lease[]> {
      const jobs = await boss.fetch(name, { batchSize: limit, includeMetadata: true })
      return jobs.map(({ id, retryCount }) => ({ id, attempt: retryCount + 1 }))
    },

    /** False when the lease is lost. */
    async complete (name: QueueName, lease: Lease, transaction: Db): Promise<boolean> {
      return settled(await boss.complete(name, attemptOf(lease), null, { db: transaction }))
    },

    /** False when the lease is lost. */
    async retry (name: QueueName, lease: Lease, transaction: Db): Promise<boolean> {
      return settled(await boss.fail(name, attemptOf(lease), null, { db: transaction }))
    },

    async remove (ids: readonly string[], transaction: Db): Promise<void> {
      if (ids.length === 0) return
      for (const name of queueNames) await boss.deleteJob(name, [...ids], { db: transaction })
    },

    async close (): Promise<void> {
      await boss.stop({ graceful: false, close: false })
    }
  }
}

function attemptOf ({ id, attempt }: Lease): { id: string, retryCount: number } {
  return { id, retryCount: attempt - 1 }
}

/** pg-boss documents the number of jobs that a command changed, its types leave it out. */
function settled (response: { affected?: number }): boolean {
  return response.affected === 1
}
