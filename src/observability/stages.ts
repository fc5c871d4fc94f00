/** How long each stage of a request took, noted wherever the time is spent and read where the request ends. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'

export interface Stage {
  /** `upload`, `queue` (waiting for the photo's turn), `store`, or the name of a job. */
  name: string
  /** On the clock of `performance.now()`. */
  start: number
  milliseconds: number
}

const current = new AsyncLocalStorage<Stage[]>()

/** Runs `callback`, and whatever it starts, with a list of its own. */
export function withStages<T> (stages: Stage[], callback: () => T): T {
  return current.run(stages, callback)
}

/** Measures `work` as a stage of the current request; without one it just runs. A failed stage counts as well. */
export async function stage<T> (name: string, work: () => Promise<T>): Promise<T> {
  const end = startStage(name)
  try {
    return await work()
  } finally {
    end()
  }
}

/** Starts a stage; call the answer at its end. */
export function startStage (name: string): () => void {
  const stages = current.getStore()
  const start = performance.now()
  return () => { stages?.push({ name, start, milliseconds: performance.now() - start }) }
}

/**
 * Milliseconds by stage, in the order of their first ends, rounded to 0.1. Stages that ran beside each other add up.
 */
export function sumStages (stages: readonly Stage[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { name, milliseconds } of stages) sums[name] = (sums[name] ?? 0) + milliseconds
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Math.round(sum * 10) / 10]))
}
