/**
 * Works through the jobs that wait in the store, in every process that has free workers. A job is leased: when its
 * process ends, another one takes it over after the lease. Its verdict and its outcome are written in one transaction
 * that fails for all but the holder of the lease, so that no proof is recorded twice.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyError, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { errorBody, ServiceError } from '../errors.ts'
import type { Services } from '../services.ts'
import { type ClaimedJob, JobLostError } from '../storage/jobs.ts'
import { verificationServices } from '../verification/services.ts'
import { verify } from '../verification/verify.ts'

const POLL_MS = 250

/** A lease outlives the job's deadline by this, for the store's own time, milliseconds. */
const LEASE_MARGIN_MS = 10_000

/** Attempts that may end in a fault or with their process before the job is given up. */
const MAX_ATTEMPTS = 3

async function jobsPlugin (app: FastifyInstance, services: Services) {
  const { config, store, inference } = services
  const verification = verificationServices(services)
  const owner = randomUUID()
  const running = new Set<Promise<void>>()
  const stopped = new AbortController()

  const end = async (job: ClaimedJob, error: ServiceError): Promise<void> => {
    const actor = { requestId: job.requestId, key: job.key }
    await store.endJob({ id: job.id, owner, status: 'failed', outcome: JSON.stringify(errorBody(error, job.requestId)) }, {
      event: 'verify', ...actor, username: job.username, photos: [], consent: null, details: { job: job.id, status: error.statusCode, error: error.code }
    })
  }

  const judge = async (job: ClaimedJob, place: () => void): Promise<void> => {
    try {
      if (job.attempts > MAX_ATTEMPTS) {
        return await end(job, new ServiceError('internal_error', `The photo could not be judged in ${MAX_ATTEMPTS} attempts. Report the request id.`))
      }
      const answer = await verify(verification, {
        username: job.username,
        task: job.task,
        file: { field: 'file', filename: '', bytes: sharedCopy(job.photo) },
        actor: { requestId: job.requestId, key: job.key },
        limited: job.limited,
        job: { id: job.id, owner },
        signal: AbortSignal.timeout(config.REQUEST_TIMEOUT * 1000)
      })
      app.metrics.countVerdict(answer)
    } catch (error) {
      if (error instanceof JobLostError) return app.log.warn(error.message)
      if (error instanceof ServiceError && error.statusCode < 500) return await end(job, error)
      app.log.error({ err: error as FastifyError, job: job.id, attempt: job.attempts }, 'a job failed; it is tried again')
      await store.releaseJob(job.id, owner, new Date(Date.now() + 1000 * 2 ** job.attempts).toISOString())
    } finally {
      place()
    }
  }

  /** Takes as many jobs as there are free workers, with a place in the queue for each. */
  const claim = async (): Promise<void> => {
    const { workers, active, waiting, max } = inference.state()
    const free = Math.min(workers - Math.max(running.size, active + waiting), max - active - waiting)
    if (free <= 0) return
    const now = Date.now()
    const jobs = await store.claimJobs({ owner, limit: free, now: new Date(now).toISOString(), leaseUntil: new Date(now + config.REQUEST_TIMEOUT * 1000 + LEASE_MARGIN_MS).toISOString() })
    for (const job of jobs) {
      const work: Promise<void> = judge(job, placeIn(inference)).catch(error => app.log.error({ err: error, job: job.id }, 'a job could not be ended; it is taken over when its lease lapses')).finally(() => running.delete(work))
      running.add(work)
    }
  }

  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await claim().catch(error => app.log.error({ err: error }, 'the jobs could not be read'))
      const pause = sleep(POLL_MS, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      // With work at hand the next job begins as soon as one ends.
      await Promise.race([pause, ...running])
    }
    await Promise.all(running)
  }

  let ended = Promise.resolve()
  app.addHook('onReady', async () => { ended = loop() })
  // preClose: the store and the workers are still there.
  app.addHook('preClose', async () => {
    stopped.abort()
    await ended
  })
}

/** A place in the queue; none when requests took the last one meanwhile, which a job that was claimed does not wait for. */
function placeIn ({ reserve }: Services['inference']): () => void {
  try {
    return reserve()
  } catch {
    return () => {}
  }
}

/** The workers see the bytes of shared memory without a copy of their own. */
function sharedCopy (bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

export const jobs = fp(jobsPlugin, { name: 'jobs', dependencies: ['metrics'] })
