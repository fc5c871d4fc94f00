/**
 * Works through the jobs that wait in the store, in every process that has free workers. A job is leased: when its
 * process ends, another one takes it over after the lease. Its verdict and its outcome are written in one transaction
 * that fails for all but the holder of the lease, so that no proof is recorded twice.
 */
import { createHash } from 'node:crypto'
import type { FastifyError, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Admission } from '../admission/admissions.ts'
import { errorBody, ServiceError } from '../errors/errors.ts'
import type { Photo } from '../schemas/upload.ts'
import type { Services } from '../server/services.ts'
import { type LeasedDeferred, LeaseLostError } from '../storage/subjects/deferred.ts'
import { leaseInTurn } from '../tenants/tenants.ts'
import { verificationServices } from '../verification/services.ts'
import { verify } from '../verification/judge-proof.ts'
import { addWorkLoop } from './work-loop.ts'

/** For the log. */
const failure = 'the jobs could not be read'

const POLL_MS = 250

/**
 * Requests come first, but not for ever: once they have kept all workers busy for so long, milliseconds, one job of
 * this process waits among them for its turn, and after it the next.
 */
const PATIENCE_MS = 2000

/** Attempts that may end in a fault or with their process before the job is given up. */
const MAX_ATTEMPTS = 3

async function jobsPlugin (app: FastifyInstance, services: Services) {
  const { config, store, inference, tenants } = services
  const verification = verificationServices(services)

  const end = async (
    { id, attempt, requestId, key, username }: LeasedDeferred,
    error: ServiceError
  ): Promise<void> => {
    await store.endDeferred(
      { id, attempt, status: 'failed', outcome: JSON.stringify(errorBody(error, requestId)) },
      {
        event: 'verify',
        requestId,
        key,
        username,
        photos: [],
        consent: null,
        details: { job: id, status: error.statusCode, error: error.code }
      }
    )
    app.metrics.countJob('failed')
  }

  const judge = async (job: LeasedDeferred, admission: Admission | null): Promise<void> => {
    const { id, attempt } = job
    try {
      // Its process ended during the last one.
      if (attempt > MAX_ATTEMPTS) return await end(job, givenUp())
      const answer = await verify(verification, {
        username: job.username,
        task: job.task,
        file: photoOf(job),
        actor: { requestId: job.requestId, key: job.key },
        ...job.challenge !== null && { challenge: job.challenge },
        limited: job.limited,
        client: clientOfJob(job),
        deferred: { id, attempt },
        webhook: job.webhook,
        // Requests that are in front of it are over by their own deadline.
        signal: AbortSignal.timeout(2 * config.REQUEST_TIMEOUT * 1000)
      })
      app.metrics.countJob('done')
      app.countVerdict(answer, job.challenge !== null)
    } catch (error) {
      if (error instanceof LeaseLostError) return app.log.warn(error.message)
      if (error instanceof ServiceError && error.statusCode < 500) return await end(job, error)
      if (attempt === MAX_ATTEMPTS) {
        app.log.error({ err: error as FastifyError, job: id, attempt }, 'a job failed; it is given up')
        return await end(job, givenUp())
      }
      app.log.error({ err: error as FastifyError, job: id, attempt }, 'a job failed; it is tried again')
      await store.retryDeferred({ id, attempt })
    } finally {
      admission?.release()
    }
  }

  let lastFree = Date.now()
  /** As many jobs as there are free workers, with a slot in the queue for each. */
  const lease = async (running: number): Promise<Promise<void>[]> => {
    const { workers, active, waiting, max } = inference.state()
    const free = Math.min(workers - Math.max(running, active + waiting), max - active - waiting)
    if (free > 0) lastFree = Date.now()
    const crowdedOut = running === 0 && Date.now() - lastFree > PATIENCE_MS
    const limit = Math.max(free, Number(crowdedOut))
    if (limit <= 0) return []
    return leaseInTurn(tenants, limit, async limit => (await store.leaseDeferred(limit)).map(async job => {
      try {
        await judge(job, admit(inference, clientOfJob(job)))
      } catch (error) {
        app.log.error({ err: error, job: job.id }, 'a job could not be ended; another worker retries it when its lease expires')
      }
    }), error => app.log.error({ err: error }, failure))
  }

  addWorkLoop(app, { every: POLL_MS, lease, failure })
}

function givenUp (): ServiceError {
  return new ServiceError(
    'internal_error',
    `The photo could not be judged in ${MAX_ATTEMPTS} attempts. Report the request id.`
  )
}

/** Jobs of callers without a key share what there is for one client. */
function clientOfJob ({ key }: Pick<LeasedDeferred, 'key'>): string {
  return key ?? ''
}

/** Null when requests took the last slot meanwhile, which a job that was leased does not wait for. */
function admit ({ reserve }: Services['inference'], client: string): Admission | null {
  try {
    return reserve(client)
  } catch {
    return null
  }
}

/** The workers see the bytes of shared memory without a copy of their own. */
function photoOf (job: LeasedDeferred): Photo {
  const stored = job.photo()
  const bytes = new Uint8Array(new SharedArrayBuffer(stored.length))
  bytes.set(stored)
  return { field: 'file', filename: '', bytes, sha256: createHash('sha256').update(stored).digest('hex') }
}

export const jobs = fp(jobsPlugin, { name: 'jobs', dependencies: ['metrics'] })
