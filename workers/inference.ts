/** The entry of a worker thread: opens the models of `workerData` once, exports one function per inference call. */
import { threadId, workerData } from 'node:worker_threads'
import { type OpenedModels, openModels } from './open-models.ts'
import { toThreadError } from './thread-error.ts'
import type { InferenceSetup, WorkerReport } from './thread-setup.ts'
import type { InferenceCalls } from './types.ts'

// A promise: a refused model then fails the first call, with its message, instead of killing the thread.
const inference = openModels(workerData as InferenceSetup)
// The pool gives a replacement work once this module has loaded, and between calls it stops the thread's event loop: so
// wait here.
await inference.catch(() => {})

/**
 * One call on the opened models. Rejects with a ThreadError, since other errors lose their class and code on the way.
 */
async function call<Output> (work: (models: OpenedModels) => Output | Promise<Output>): Promise<Output> {
  try {
    return await work(await inference)
  } catch (error) {
    throw toThreadError(error)
  }
}

/** Resolves once all sessions are open and tested; the pool calls it to warm up. */
export function report (): Promise<WorkerReport> {
  return call(models => models.report())
}

/** Ends this worker, to release its memory to the system, if it is one of `threads`; the pool replaces it. */
export async function end (threads: number[]): Promise<void> {
  if (!threads.includes(threadId)) return
  // Sessions that are left to the end of the thread keep their memory.
  await (await inference).close()
  process.exit()
}

export function decode (input: InferenceCalls['decode']['input']): Promise<InferenceCalls['decode']['output']> {
  return call(models => models.decode(input))
}

export function faces (input: InferenceCalls['faces']['input']): Promise<InferenceCalls['faces']['output']> {
  return call(models => models.faces(input))
}

export function upright (input: InferenceCalls['upright']['input']): Promise<InferenceCalls['upright']['output']> {
  return call(models => models.upright(input))
}

export function landmarks (input: InferenceCalls['landmarks']['input']): Promise<InferenceCalls['landmarks']['output']> {
  return call(models => models.landmarks(input))
}

export function liveness (input: InferenceCalls['liveness']['input']): Promise<InferenceCalls['liveness']['output']> {
  return call(models => models.liveness(input))
}

export function surroundings (
  input: InferenceCalls['surroundings']['input']
): Promise<InferenceCalls['surroundings']['output']> {
  return call(models => models.surroundings(input))
}

export function objects (input: InferenceCalls['objects']['input']): Promise<InferenceCalls['objects']['output']> {
  return call(models => models.objects(input))
}

export async function hashes (input: InferenceCalls['hashes']['input']): Promise<InferenceCalls['hashes']['output']> {
  return (await inference).hashes(input)
}

export async function outlines (
  input: InferenceCalls['outlines']['input']
): Promise<InferenceCalls['outlines']['output']> {
  return call(models => models.outlines(input))
}
