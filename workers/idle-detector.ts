/**
 * The entry of one thread beside the workers that looks for objects with several cores. While a photo is alone in the
 * service the other workers' cores have nothing to do; under load this thread sleeps.
 */
import { workerData } from 'node:worker_threads'
import { openObjectDetector } from './open-object-detector.ts'
import { openTested } from './open-tested.ts'
import { openSession } from './session.ts'
import { toThreadError } from './thread-error.ts'
import type { IdleDetectorSetup } from './thread-setup.ts'
import type { InferenceCalls } from './types.ts'

const { model, provider, threads } = workerData as IdleDetectorSetup

// A promise: a model that is refused then fails the first call, with its message, instead of ending the thread.
const opening = openObjectDetector(
  model,
  (model, labels) => openTested(() => openSession(model.path, provider, threads), model, labels)
)
await opening.catch(() => {})

/** Rejects with a ThreadError. */
export async function objects ({
  frame
}: InferenceCalls['objects']['input']): Promise<InferenceCalls['objects']['output']> {
  try {
    return await (await opening).findObjects(frame)
  } catch (error) {
    throw toThreadError(error)
  }
}

/** Resolves once the session is open; the pool calls it to warm up. Rejects with a ThreadError. */
export async function ready (): Promise<true> {
  try {
    await opening
    return true
  } catch (error) {
    throw toThreadError(error)
  }
}
