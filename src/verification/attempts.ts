/**
 * Against hill climbing: whoever changes a photo step by step towards an approval needs many refusals. They are counted
 * for the user, whatever key or address they came from, and in the store, so that all processes count together.
 */
import { ServiceError } from '../errors.ts'
import type { FailureReason } from '../schemas/verify.ts'
import type { Store } from '../storage/store.ts'

export interface AttemptLimit {
  /** Failures that are allowed in the window; 0: no limit. */
  max: number
  minutes: number
}

/** A photo that misses the task or shows no face tells nothing about the template. */
const TELLING: FailureReason[] = ['face_mismatch', 'not_live']

/** @throws {ServiceError} `rate_limited` with the time at which the oldest failure leaves the window */
export async function refuseGuessing (store: Store, username: string, { max, minutes }: AttemptLimit, now = Date.now()): Promise<void> {
  if (max === 0) return
  const window = minutes * 60_000
  const { count, first } = await store.countFailures(username, TELLING, new Date(now - window).toISOString())
  if (count < max || first === null) return
  const seconds = Math.max(1, Math.ceil((Date.parse(first) + window - now) / 1000))
  throw new ServiceError('rate_limited', `${count} verifications of this user failed on the face within ${minutes} minutes. Try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) }
  })
}
