/**
 * A stand-in for workers/inference.ts whose jobs fail in the ways that real ones may; the bytes of the photo say how.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import type { InferenceCalls } from '../../workers/types.ts'
import type { WorkerReport } from '../../workers/thread-setup.ts'

const behaviours = {
  work: async () => {},
  slow: () => sleep(200),
  thread: () => sleep(20),
  throw: async () => { throw new Error('thrown in a job') },
  crash: () => {
    setImmediate(() => { throw new Error('thrown outside of a job') })
    return sleep(60_000)
  },
  exit: async () => process.exit(3),
  hang: async () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) },
  grow: async () => {
    const kept: unknown[] = []
    while (kept.length >= 0) kept.push(Array.from({ length: 1000 }, () => ({ kept })))
  }
} satisfies Record<string, () => Promise<unknown>>

export type Behaviour = keyof typeof behaviours

export async function report (): Promise<WorkerReport> {
  return { provider: 'cpu', providerReason: null, labels: [], landmarks: true, features: null, warnings: [] }
}

export function end (threads: number[]): void {
  if (threads.includes(threadId)) process.exit()
}

export async function decode ({
  bytes,
  memory
}: InferenceCalls['decode']['input']): Promise<InferenceCalls['decode']['output']> {
  await behaviours[Buffer.from(bytes).toString() as Behaviour]()
  return {
    frame: { width: threadId, height: 1, pixels: memory ?? new SharedArrayBuffer(3) },
    facts: { orientation: 1, takenAt: null }
  }
}
