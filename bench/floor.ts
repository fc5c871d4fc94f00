/**
 * The floor: what the bare sessions of the models allow on the same threads, without decoding, HTTP or anything else.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FloorSamples, FloorSetup } from './floor-worker.ts'
import { median } from './load.ts'

export interface Floor {
  /** Median milliseconds of one run of each model while all threads are busy. */
  wall: Record<string, number>
  /** CPU milliseconds for all models once. */
  cpu: number
}

export interface FloorThreads {
  /** Runs all models on all threads at once for a while: cores share caches and clock. */
  measure (seconds: number): Promise<Floor>
  stop (): Promise<void>
}

/** Resolves once every thread has opened every model. */
export async function openFloor (setup: FloorSetup, threads: number): Promise<FloorThreads> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('floor-worker.ts', import.meta.url), { workerData: setup })
  )
  const answers = () => Promise.all(workers.map(async worker => (await once(worker, 'message'))[0] as FloorSamples))
  await answers()
  return {
    async measure (seconds) {
      const measured = answers()
      for (const worker of workers) worker.postMessage(seconds)
      const samples = await measured
      return {
        wall: Object.fromEntries(
          setup.models.map(({ id }) => [id, median(samples.flatMap(({ wall }) => wall[id] ?? []))])
        ),
        cpu: samples.reduce((sum, { cpu }) => sum + cpu / threads, 0)
      }
    },
    async stop () {
      await Promise.all(workers.map(worker => worker.terminate()))
    }
  }
}

export function sum (medians: Record<string, number>): number {
  return Object.values(medians).reduce((total, value) => total + value, 0)
}
