/**
 * The pool of worker threads, the only importer of piscina. Work is bounded twice: `reserve` refuses requests when
 * QUEUE_MAX photos are inside, and of the admitted photos only one more than there are workers is in memory as pixels
 * at a time; the others wait as bytes, and clients take turns. Running work is never aborted, since that would kill a
 * thread and its sessions.
 */
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { Piscina } from 'piscina'
import type { IdleDetectorSetup, InferenceSetup, WorkerReport } from '../../workers/thread-setup.ts'
import type { InferenceCalls } from '../../workers/types.ts'
import { ServiceError } from '../errors/errors.ts'
import { type Admission, createAdmissions } from '../admission/admissions.ts'
import { createFairQueue } from './fair-queue.ts'
import { createFrameMemory } from './frame-buffers.ts'
import { startIdleDetector } from './idle-detector.ts'
import { type MemoryLimit, memoryGuard } from './memory-guard.ts'
import { stage, startStage } from '../observability/stages.ts'
import type { Run } from './run.ts'
import { untilAborted } from '../observability/until-aborted.ts'
import { fromWorker } from './worker-error.ts'

const idleDetector = new URL('../../workers/idle-detector.ts', import.meta.url).href

export interface QueueState {
  workers: number
  /** Photos being worked on. */
  active: number
  /** Photos admitted and not being worked on yet; one for a request whose body is still on its way. */
  waiting: number
  max: number
  /** Jobs that failed and workers that died since the start. */
  failed: number
}

/** When a photo is looked at. */
export interface Turn {
  /** Clients with photos waiting are served alike. */
  client?: string
  /** What it will probably take of a worker, milliseconds; see `photoCost`. */
  cost?: number
  signal?: AbortSignal | undefined
}

export interface InferencePool {
  readonly provider: string
  /** Why `auto` did not take a faster one, in words; null where nothing was given up. */
  readonly providerReason: string | null
  /** Labels that the object detector can name. */
  readonly labels: readonly string[]
  /** The contract of the features that the object detector gives; null without one. */
  readonly features: string | null
  /** Whether the models find 68 landmarks of a face. */
  readonly landmarks: boolean
  /** What the operator should know of the models, in sentences. */
  readonly warnings: readonly string[]
  /**
   * Takes a slot of the queue for a request of this client; see `Admissions`.
   * @throws {ServiceError} `overloaded`
   */
  reserve (client: string): Admission
  /**
   * Waits for the photo's turn, then lets `work` run jobs on it. Rejects with the signal's reason as soon as it is
   * aborted: jobs that have not begun are dropped then, a running one is left to finish.
   */
  onPhoto<T> (work: (run: Run) => Promise<T>, turn?: Turn): Promise<T>
  state (): QueueState
  /** Why photos cannot be relied on to be judged, in a sentence; null when all is well. */
  problem (): string | null
  /** Finishes running work, then ends the threads. */
  close (): Promise<void>
}

export interface PoolOptions {
  workers: number
  /** Threads with which objects are looked for while a photo is alone; 1 leaves it to the workers. */
  idleThreads: number
  queueMax: number
  /** Seconds that one job may run before its worker is replaced. */
  jobTimeout: number
  /** JavaScript heap of a worker, MiB; one that needs more dies and is replaced. Model memory is not in it. */
  workerHeapMb: number
  memory: MemoryLimit
  /** Seconds that running work may take to finish when the pool closes. */
  closeTimeout: number
  /** Called for a worker that died; the pool replaces it by itself. */
  onWorkerError?: (error: unknown) => void
  /** The workers' entry; another one only in tests. */
  filename?: string
}

/**
 * Starts the workers and resolves once every one has opened its sessions and passed its self-test.
 * @throws {ModelError} when a model cannot be opened or fails its self-test
 */
export async function startInferencePool (setup: InferenceSetup, options: PoolOptions): Promise<InferencePool> {
  const { workers, queueMax } = options
  const startThreads = (filename: string, threads: number, workerData: unknown) => new Piscina<unknown, unknown>({
    filename,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: options.workerHeapMb },
    closeTimeout: options.closeTimeout * 1000,
    // Loaders and inspectors of the main thread are no business of the workers.
    execArgv: []
  })
  const pool = startThreads(
    options.filename ?? new URL('../../workers/inference.ts', import.meta.url).href,
    workers,
    setup
  )
  const failures = recentFailures()
  const failed = (error: unknown) => {
    failures.add()
    options.onWorkerError?.(error)
  }
  pool.on('error', failed)

  // One report for each worker. All have to settle: a thread that is ended while it opens a session aborts the process.
  const reports = await Promise.allSettled(
    Array.from({ length: workers }, () => pool.run(undefined, { name: 'report' }) as Promise<WorkerReport>)
  )
  const refused = reports.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (refused !== undefined) {
    await pool.destroy()
    throw fromWorker(refused.reason)
  }

  const [report] = reports.map(settled => (settled as PromiseFulfilledResult<WorkerReport>).value)
  const { objectDetector } = setup.models
  const idle =
    objectDetector !== null && report?.provider === 'cpu' && options.idleThreads > setup.intraOpThreads
      ? startIdleDetector(
        startThreads(idleDetector, 1, {
          model: objectDetector,
          provider: report.provider,
          threads: options.idleThreads
        } satisfies IdleDetectorSetup),
        failed
      )
      : null

  // A job leaves for the pool only when a worker is free, so that its time limit counts work and not waiting.
  const jobs = pLimit(workers)
  const closing = new AbortController()
  /** One after the other and between jobs: whichever worker takes the job ends, unless it is a new one. */
  const replaceWorkers = async (): Promise<void> => {
    const before = pool.threads.map(({ threadId }) => threadId)
    const old = () => pool.threads.map(({ threadId }) => threadId).filter(id => before.includes(id))
    while (old().length > 0 && !closing.signal.aborted) {
      await jobs(async () => {
        const unneeded = new AbortController()
        const replaced = once(pool, 'workerCreate', {
          signal: AbortSignal.any([closing.signal, unneeded.signal])
        }).catch(() => {})
        const ended = await pool.run(before, { name: 'end' }).then(() => false, () => true)
        // The replacement has opened its models before the next one ends.
        if (ended) await replaced
        else unneeded.abort()
      })
      if (old().length > 0) await sleep(REPLACEMENT_PAUSE, undefined, { signal: closing.signal })
    }
    closing.signal.throwIfAborted()
  }
  let replacing = Promise.resolve()
  const checkMemory = memoryGuard(options.memory, () => {
    replacing = replaceWorkers()
    return replacing
  })

  const photos = createFairQueue(workers + 1, Math.max(1, workers - 1))
  /** @param took hears how long each job held a worker, milliseconds */
  const runUntil = (signal: AbortSignal | undefined, took: (ms: number) => void): Run => (job, input) => {
    const work = async (threads: Pick<Piscina, 'run'>) => {
      signal?.throwIfAborted()
      const start = performance.now()
      try {
        return (await stage(job, () =>
          threads.run(input, { name: job, signal: AbortSignal.timeout(options.jobTimeout * 1000) })
        )) as InferenceCalls[typeof job]['output']
      } catch (thrown) {
        const cause = fromWorker(thrown)
        failed(cause)
        throw new ServiceError(
          'inference_failed',
          'The photo could not be analysed because of an internal fault. Send it again; if it happens again, report the request id.',
          { cause }
        )
      } finally {
        took(performance.now() - start)
      }
    }
    const alone = photos.active() === 1 && photos.waiting() === 0
    return alone && job === 'objects' && idle?.isOpen() ? work(idle) : jobs(() => work(pool))
  }

  const memory = createFrameMemory()
  // Milliseconds a photo takes from its turn to its end; a moving average for Retry-After.
  let serviceMs = 200
  const admissions = createAdmissions(queueMax, photos => photos * serviceMs / (workers + 1) / 1000)

  return {
    provider: report?.provider ?? 'cpu',
    providerReason: report?.providerReason ?? null,
    labels: report?.labels ?? [],
    features: report?.features ?? null,
    landmarks: report?.landmarks ?? false,
    warnings: report?.warnings ?? [],

    reserve: admissions.reserve,

    onPhoto (work, { client = '', cost = SHORT_WORK, signal } = {}) {
      const waited = startStage('queue')
      return untilAborted(photos.run(client, cost, async charge => {
        waited()
        const start = performance.now()
        let held = 0
        const lent = memory.lend(runUntil(signal, ms => { held += ms }))
        try {
          return await work(lent.run)
        } finally {
          await lent.giveBack()
          charge(held)
          serviceMs += (performance.now() - start - serviceMs) / 20
          checkMemory()
        }
      }, signal), signal)
    },

    state () {
      return {
        workers,
        active: photos.active(),
        waiting: Math.max(photos.waiting(), admissions.taken() - photos.active()),
        max: queueMax,
        failed: failures.total()
      }
    },

    problem () {
      const missing = workers - pool.threads.length
      if (missing > 0) {
        return `${missing} of ${workers} workers cannot be started; see the log, then restart the service.`
      }
      return failures.count() < TOLERATED_FAILURES
        ? null
        : `Workers failed ${failures.count()} times within the last minute; see the log.`
    },

    async close () {
      closing.abort()
      // The pool would wait for the answer of a worker that ends.
      await replacing.catch(() => {})
      await Promise.all([pool.close(), idle?.close()])
    }
  }
}

/** What is charged in advance for work that says nothing of its cost, milliseconds of a worker. */
const SHORT_WORK = 10

/** Before the next worker is looked for that is still to be replaced, milliseconds. */
const REPLACEMENT_PAUSE = 100

/** Failures of workers within this time, milliseconds, make the service unready from this number on. */
const FAILURE_WINDOW = 60_000
const TOLERATED_FAILURES = 3

function recentFailures () {
  let times: number[] = []
  let total = 0
  return {
    add () {
      times.push(performance.now())
      total++
    },
    total: () => total,
    count () {
      times = times.filter(time => time > performance.now() - FAILURE_WINDOW)
      return times.length
    }
  }
}
