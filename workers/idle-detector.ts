/**
 * The entry of one thread beside the workers that looks for objects with several cores. While a photo is alone in the
 * service the other workers' cores have nothing to do; under load this thread sleeps.
 */
import { workerData } from 'node:worker_threads'
import { openObjectDetector } from './open-object-detector.ts'
import { selfTest } from './self-test.ts'
import { openSession } from './session.ts'
import type { IdleDetectorSetup, InferenceCalls } from './types.ts'

const { model, provider, threads } = workerData as IdleDetectorSetup

const { findObjects } = await openObjectDetector(model, async (model, labels) => {
  const session = await openSession(model.path, provider, threads)
  await selfTest(model, session, labels)
  return session
})

export function objects ({ frame }: InferenceCalls['objects']['input']): Promise<InferenceCalls['objects']['output']> {
  return findObjects(frame)
}

/** Resolves once the session is open; the pool calls it to warm up. */
export function ready (): true {
  return true
}
