/**
 * A stand-in for workers/inference.ts whose model is refused: by the first thread at once, by the others after a while.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'

/** Threads that began to open their models, and threads that have done so. */
const { counts } = workerData as { counts: Int32Array }

await sleep(Atomics.add(counts, 0, 1) === 0 ? 0 : 500)
Atomics.add(counts, 1, 1)

export async function report (): Promise<never> {
  throw new Error('refused')
}
