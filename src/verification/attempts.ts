/**
 * Against hill climbing: whoever changes a photo step by step towards an approval needs many refusals. They are counted
 * for the user, whatever key or address they came from, and in the store, so that all processes count together.
 */
import { ServiceError } from '../errors/errors.ts'
import { type FailureReason, failureReasons } from '../schemas/verdict.ts'
import type { FailureLimit, Store } from '../storage/store.ts'

export interface AttemptLimit {
  /** Failures that are allowed in the window; 0: no limit. */
  max: number
  minutes: number
}

/**
 * A photo without a face, or of a face that passes and misses the task, tells no more of the template than an approval.
 * Every other reason counts, those that are added later included.
 */
const UNTELLING: readonly FailureReason[] = ['no_face', 'task_not_shown', 'task_not_by_subject']
const TELLING = failureReasons.filter(reason => !UNTELLING.includes(reason))

/** What a verdict is recorded under, so that also those that are judged at the same moment keep to the limit. */
export function failureLimit ({ max, minutes }: AttemptLimit, now = Date.now()): FailureLimit | undefined {
  return max === 0 ? undefined : { max, reasons: TELLING, since: new Date(now - minutes * 60_000).toISOString() }
}

/** @throws {ServiceError} `rate_limited` with the time at which the oldest failure leaves the window */
export async function refuseGuessing (store: Store, username: string, attempts: AttemptLimit, now = Date.now()): Promise<void> {
  const limit = failureLimit(attempts, now)
  if (limit === undefined) return
  const { count, first } = await store.countFailures(username, limit.reasons, limit.since)
  if (count >= limit.max) throw tooManyFailures(attempts, count, first, now)
}

/** @param first the moment of the oldest failure in the window; null: nobody knows it any more */
export function tooManyFailures ({ minutes }: AttemptLimit, count: number, first: string | null, now = Date.now()): ServiceError {
  const since = first === null ? now : Date.parse(first)
  const seconds = Math.max(1, Math.ceil((since + minutes * 60_000 - now) / 1000))
  return new ServiceError('rate_limited', `${count} verifications of this user failed on the face within ${minutes} minutes. Try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) }
  })
}
