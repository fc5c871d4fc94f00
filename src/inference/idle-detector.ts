/**
 * One more thread, which looks for objects with several cores while a photo is alone in the service. No start waits for
 * it: while it is not open, the workers do its job.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fromWorker, ModelError, WorkerError } from './worker-error.ts'

/**
 * Before a thread that crashed is used again, milliseconds; doubled each time, so that one that always crashes costs
 * little and does not make the service unready.
 */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 5 * 60_000

/** What is used of Piscina: it replaces a thread that ends. */
export interface ThreadPool {
  run (input: unknown, options: { name: string, signal?: AbortSignal }): Promise<unknown>
  on (event: 'error', listener: (error: unknown) => void): unknown
  close (): Promise<void>
}

export interface IdleDetector extends Pick<ThreadPool, 'run' | 'close'> {
  isOpen (): boolean
}

/**
 * @param pool of one thread of workers/idle-detector.ts
 * @param failed is called for a model that is refused and for every crash
 */
export function startIdleDetector (
  pool: ThreadPool,
  failed: (error: unknown) => void,
  firstPauseMs = FIRST_PAUSE_MS
): IdleDetector {
  const closing = new AbortController()
  let open = false
  let opening = Promise.resolve()
  let pauseMs = 0

  const openAfterPause = async (): Promise<void> => {
    await sleep(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => {})
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(firstPauseMs, 2 * pauseMs))
    if (closing.signal.aborted) return
    await pool.run(undefined, { name: 'ready' }).then(
      () => {
        open = true
      },
      thrown => {
        const error = fromWorker(thrown)
        // What could not be opened will fail again. A crash comes as an event, too.
        if (error instanceof ModelError || error instanceof WorkerError) failed(error)
      }
    )
  }
  const reopen = (): void => {
    open = false
    opening = opening.then(() => (open ? undefined : openAfterPause()))
  }
  pool.on('error', error => {
    failed(error)
    reopen()
  })
  reopen()

  return {
    isOpen: () => open,
    async run (input, options) {
      try {
        const output = await pool.run(input, options)
        pauseMs = 0
        return output
      } catch (error) {
        // Also a call that ran too long, whose thread ends without an event.
        reopen()
        throw error
      }
    },
    async close () {
      closing.abort()
      await opening
      await pool.close()
    }
  }
}
