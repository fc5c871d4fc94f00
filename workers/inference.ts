/** The worker thread's entry: opens the models named by `workerData` once, and exports one function per job. */
import { threadId, workerData } from 'node:worker_threads'
import { openModels } from './open-models.ts'
import type { InferenceSetup, InferenceCalls, WorkerReport } from './types.ts'

// A promise: a refused model then fails the first job, with its message, instead of killing the thread.
const inference = openModels(workerData as InferenceSetup)
// The pool gives a replacement work once this module has loaded, and between jobs it stops the thread's event loop: so wait here.
await inference.catch(() => {})

/** Resolves once all sessions are open and tested; the pool calls it to warm up. Rejects with ModelError. */
export async function report (): Promise<WorkerReport> {
  return (await inference).report()
}

/** Ends this worker, so that its memory goes back to the system, if it is one of `threads`; the pool replaces it. */
export async function end (threads: number[]): Promise<void> {
  if (!threads.includes(threadId)) return
  // Sessions that are left to the end of the thread keep their memory.
  await (await inference).close()
  process.exit()
}

export async function decode (input: InferenceCalls['decode']['input']): Promise<InferenceCalls['decode']['output']> {
  return (await inference).decode(input)
}

export async function faces (input: InferenceCalls['faces']['input']): Promise<InferenceCalls['faces']['output']> {
  return (await inference).faces(input)
}

export async function landmarks (input: InferenceCalls['landmarks']['input']): Promise<InferenceCalls['landmarks']['output']> {
  return (await inference).landmarks(input)
}

export async function liveness (input: InferenceCalls['liveness']['input']): Promise<InferenceCalls['liveness']['output']> {
  return (await inference).liveness(input)
}

export async function scene (input: InferenceCalls['scene']['input']): Promise<InferenceCalls['scene']['output']> {
  return (await inference).scene(input)
}

export async function objects (input: InferenceCalls['objects']['input']): Promise<InferenceCalls['objects']['output']> {
  return (await inference).objects(input)
}
