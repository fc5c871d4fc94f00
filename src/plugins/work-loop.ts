/** Takes work from the store while the application is open, and lets it finish before the store closes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

export interface WorkLoop {
  /** Milliseconds between two looks, when no running work ends before. */
  every: number
  /** Begins as much work as may run beside what runs already; a piece of work never rejects. */
  lease: (running: number) => Promise<Promise<void>[]>
  /** What could not be done when `lease` fails, for the log. */
  failure: string
}

export function addWorkLoop (app: FastifyInstance, { every, lease, failure }: WorkLoop): void {
  const running = new Set<Promise<void>>()
  const stopped = new AbortController()

  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        for (const work of await lease(running.size)) {
          const tracked: Promise<void> = work.finally(() => running.delete(tracked))
          running.add(tracked)
        }
      } catch (error) {
        app.log.error({ err: error }, failure)
      }
      const pause = sleep(every, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      // While work runs, the next begins as soon as one ends.
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
