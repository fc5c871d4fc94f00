/**
 * Several processes behind one port (WEB_CONCURRENCY): the primary starts them, replaces those that die, and ends them
 * together. Each has its own event loop and its own workers; what they share is the store.
 */
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

/** A process that dies sooner than this would die again and again: wait that long before the next. Milliseconds. */
const RESTART_DELAY_MS = 2000

/**
 * Runs `count` processes until SIGTERM or SIGINT, then resolves with the exit code: 0 when all of them ended well.
 * The first one starts alone, since it may have to install models and to prepare the store.
 */
export async function runProcesses (count: number, log: FastifyBaseLogger): Promise<number> {
  let stopping = false
  let code = 0
  const stop = (signal: NodeJS.Signals) => {
    stopping = true
    log.info(`${signal}: ending all processes`)
    // A process that gets it a second time quits at once.
    for (const worker of Object.values(cluster.workers!)) worker?.process.kill('SIGTERM')
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)

  const keep = async (worker: Worker): Promise<void> => {
    for (;;) {
      const [status, signal] = await once(worker, 'exit') as [number | null, string | null]
      if (stopping) {
        code ||= status ?? 1
        return
      }
      log.error(`process ${worker.process.pid} ended with ${signal ?? status} and is replaced`)
      await sleep(RESTART_DELAY_MS)
      if (stopping) return
      worker = cluster.fork()
    }
  }

  const first = cluster.fork()
  const began = await Promise.race([
    once(first, 'listening').then(() => null),
    once(first, 'exit').then(([status]) => (status as number | null) ?? 1)
  ])
  if (began !== null) return began
  const workers = [first, ...Array.from({ length: stopping ? 0 : count - 1 }, () => cluster.fork())]
  await Promise.all(workers.map(keep))
  return code
}
