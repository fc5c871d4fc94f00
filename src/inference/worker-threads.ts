/** Worker threads, the only importer of piscina: started, asked for their report, and replaced one after another. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LimitFunction } from 'p-limit'
import { Piscina } from 'piscina'
import type { WorkerReport } from '../../workers/thread-setup.ts'
import { fromWorker } from './worker-error.ts'

export type WorkerThreads = Piscina<unknown, unknown>

export interface ThreadSetup {
  /** The threads' entry. */
  filename: string
  threads: number
  /** What each thread is started with. */
  workerData: unknown
  /** JavaScript heap of one thread, MiB. */
  workerHeapMb: number
  /** Seconds that running work may take to finish when the threads are closed. */
  closeTimeout: number
}

export function startThreads (
  { filename, threads, workerData, workerHeapMb, closeTimeout }: ThreadSetup
): WorkerThreads {
  return new Piscina<unknown, unknown>({
    filename,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: workerHeapMb },
    closeTimeout: closeTimeout * 1000,
    // Loaders and inspectors of the main thread are no business of the workers.
    execArgv: []
  })
}

/**
 * Waits until every worker has opened its sessions and passed its self-test; they all report the same.
 * @throws {ModelError} when a model cannot be opened or fails its self-test; the threads are ended then
 */
export async function reportOf (pool: WorkerThreads, workers: number): Promise<WorkerReport | undefined> {
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
  return report
}

/** Before the next worker is looked for that is still to be replaced. */
const REPLACEMENT_PAUSE_MS = 100

/**
 * Replaces every worker, one after the other and between jobs: whichever worker takes the job ends, unless it is a new
 * one.
 * @param jobs the limit under which all work enters the pool
 */
export async function replaceWorkers (pool: WorkerThreads, jobs: LimitFunction, closing: AbortSignal): Promise<void> {
  const before = pool.threads.map(({ threadId }) => threadId)
  const old = () => pool.threads.map(({ threadId }) => threadId).filter(id => before.includes(id))
  while (old().length > 0 && !closing.aborted) {
    await jobs(async () => {
      const unneeded = new AbortController()
      const replaced = once(pool, 'workerCreate', {
        signal: AbortSignal.any([closing, unneeded.signal])
      }).catch(() => {})
      const ended = await pool.run(before, { name: 'end' }).then(() => false, () => true)
      // The replacement has opened its models before the next one ends.
      if (ended) await replaced
      else unneeded.abort()
    })
    if (old().length > 0) await sleep(REPLACEMENT_PAUSE_MS, undefined, { signal: closing })
  }
  closing.throwIfAborted()
}
