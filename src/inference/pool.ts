/**
 * The pool of worker threads. Work is bounded twice: `reserve` refuses requests when
 * QUEUE_MAX photos are inside, and of the admitted photos only one more than there are workers is in memory as pixels
 * at a time; the others wait as bytes, and clients take turns. Running work is never aborted, since that would kill a
 * thread and its sessions.
 */
import { performance } from 'node:perf_hooks'
import pLimit from 'p-limit'
import type { IdleDetectorSetup, InferenceSetup, WorkerReport } from '../../workers/thread-setup.ts'
import type { InferenceCalls } from '../../workers/types.ts'
import { ServiceError } from '../errors/errors.ts'
import { type Admission, createAdmissions } from '../admission/admissions.ts'
import { createFairQueue } from './fair-queue.ts'
import { createFrameMemory } from './frame-buffers.ts'
import { type IdleDetector, startIdleDetector } from './idle-detector.ts'
import { type MemoryLimit, memoryGuard } from './memory-guard.ts'
import { stage, startStage } from '../observability/stages.ts'
import { recentFailures } from './recent-failures.ts'
import type { Run } from './run.ts'
import { untilAborted } from '../observability/until-aborted.ts'
import { fromWorker } from './worker-error.ts'
import { replaceWorkers, reportOf, startThreads } from './worker-threads.ts'

const inferenceWorker = new URL('../../workers/inference.ts', import.meta.url).href
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
  const { workers, queueMax, filename = inferenceWorker } = options
  const failures = recentFailures()
  const failed = (error: unknown) => {
    failures.add()
    options.onWorkerError?.(error)
  }
  const pool = startThreads({ ...options, filename, threads: workers, workerData: setup })
  pool.on('error', failed)
  const report = await reportOf(pool, workers)
  const idle = openIdleDetector(setup, options, report, failed)

  // A job leaves for the pool only when a worker is free, so that its time limit counts work and not waiting.
  const jobs = pLimit(workers)
  const closing = new AbortController()
  let replacing = Promise.resolve()
  const checkMemory = memoryGuard(options.memory, () => {
    replacing = replaceWorkers(pool, jobs, closing.signal)
    return replacing
  })

  const photos = createFairQueue(workers + 1, Math.max(1, workers - 1))
  const isAlone = () => photos.active() === 1 && photos.waiting() === 0
  const run = runner({ jobTimeout: options.jobTimeout, failed }, job =>
    isAlone() && job === 'objects' && idle?.isOpen() ? work => work(idle) : work => jobs(() => work(pool)))

  const memory = createFrameMemory()
  // Milliseconds a photo takes from its turn to its end; a moving average for Retry-After.
  let serviceMs = 200
  const admissions = createAdmissions(queueMax, photos => photos * serviceMs / (workers + 1) / 1000)

  return {
    ...knownFrom(report),
    reserve: admissions.reserve,

    onPhoto (work, { client = '', cost = SHORT_WORK_MS, signal } = {}) {
      const waited = startStage('queue')
      return untilAborted(photos.run(client, cost, async charge => {
        waited()
        const start = performance.now()
        let heldMs = 0
        const reserved = memory.reserve(run(signal, ms => { heldMs += ms }))
        try {
          return await work(reserved.run)
        } finally {
          await reserved.release()
          charge(heldMs)
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
      return missing > 0
        ? `${missing} of ${workers} workers cannot be started; see the log, then restart the service.`
        : failures.problem()
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
const SHORT_WORK_MS = 10

/** What the workers reported of the opened models. */
function knownFrom (
  report: WorkerReport | undefined
): Pick<InferencePool, 'provider' | 'providerReason' | 'labels' | 'features' | 'landmarks' | 'warnings'> {
  return {
    provider: report?.provider ?? 'cpu',
    providerReason: report?.providerReason ?? null,
    labels: report?.labels ?? [],
    features: report?.features ?? null,
    landmarks: report?.landmarks ?? false,
    warnings: report?.warnings ?? []
  }
}

/** Null where it would gain nothing: without an object detector, on a GPU, or with no more threads than a worker. */
function openIdleDetector (
  { models: { objectDetector }, intraOpThreads }: InferenceSetup,
  options: PoolOptions,
  report: WorkerReport | undefined,
  failed: (error: unknown) => void
): IdleDetector | null {
  if (objectDetector === null || report?.provider !== 'cpu' || options.idleThreads <= intraOpThreads) return null
  const workerData: IdleDetectorSetup = {
    model: objectDetector,
    provider: report.provider,
    threads: options.idleThreads
  }
  return startIdleDetector(startThreads({ ...options, filename: idleDetector, threads: 1, workerData }), failed)
}

type Threads = Pick<IdleDetector, 'run'>

/** Gives work to the threads that are to do it, now or when one of them is free. */
type UseThreads = <T>(work: (threads: Threads) => Promise<T>) => Promise<T>

/**
 * Runs jobs of one photo until `signal` is aborted; `took` hears how long each held a worker, milliseconds.
 * @throws {ServiceError} `inference_failed` when a job fails or takes longer than `jobTimeout` seconds
 */
function runner (
  { jobTimeout, failed }: { jobTimeout: number, failed: (error: unknown) => void },
  threadsFor: (job: keyof InferenceCalls) => UseThreads
): (signal: AbortSignal | undefined, took: (ms: number) => void) => Run {
  return (signal, took) => (job, input) =>
    threadsFor(job)(async threads => {
      signal?.throwIfAborted()
      const start = performance.now()
      try {
        return (await stage(job, () =>
          threads.run(input, { name: job, signal: AbortSignal.timeout(jobTimeout * 1000) })
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
    })
}
