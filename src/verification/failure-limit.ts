/**
 * Against hill climbing: changing a photo step by step towards an approval takes many refusals. They are counted
 * for the user, whatever key or address they came from, and in the store, so that all processes count together. Nothing
 * but time takes a failure off the count: neither an approval nor a repeated one, from any sender.
 */
import type { Config } from '../config/config.ts'
import { ServiceError } from '../errors/errors.ts'
import { type FailureReason, failureReasons } from '../schemas/verdict.ts'
import type { FailureLimit, Store } from '../storage/store.ts'

export interface AttemptLimit {
  /** Failures that are allowed in the window; 0: no limit. */
  max: number
  minutes: number
}

export function attemptLimit (
  config: Pick<Config, 'FAILED_VERIFICATIONS_MAX' | 'FAILED_VERIFICATIONS_MINUTES'>
): AttemptLimit {
  return { max: config.FAILED_VERIFICATIONS_MAX, minutes: config.FAILED_VERIFICATIONS_MINUTES }
}

/**
 * A photo without a face, or of a face that passes and misses the task, reveals as little of the template as an
 * approval. Every other reason counts, those that are added later included.
 */
const HARMLESS: readonly FailureReason[] = ['no_face', 'challenge_required', 'task_not_shown', 'task_not_by_subject']
const REVEALING: readonly string[] = failureReasons.filter(reason => !HARMLESS.includes(reason))

/** Whether a verdict or a judged challenge with these reasons reveals something about the template. */
export function isRevealing (reasons: readonly string[]): boolean {
  return reasons.some(reason => REVEALING.includes(reason))
}

/**
 * What an answer is recorded under, so that also those that are judged at the same moment keep to the limit.
 * @param failed failures that the answer reveals
 */
export function failureLimit (
  { max, minutes }: AttemptLimit,
  failed: number
): (FailureLimit & { failed: number }) | undefined {
  return max === 0 ? undefined : { max, windowMs: minutes * 60_000, failed }
}

/** @throws {ServiceError} `rate_limited` with the time at which the oldest failure leaves the window */
export async function refuseGuessing (
  store: Pick<Store, 'countFailures'>,
  username: string,
  attempts: AttemptLimit
): Promise<void> {
  const limit = failureLimit(attempts, 0)
  if (limit === undefined) return
  const { count, waitMs } = await store.countFailures(username, limit.windowMs)
  if (count >= limit.max) throw tooManyFailures(attempts, count, waitMs)
}

/**
 * Counts an answer without a record, before it is sent.
 * @throws {ServiceError} `rate_limited`
 */
export async function countGuess (
  store: Pick<Store, 'addFailures' | 'countFailures'>, username: string, attempts: AttemptLimit, failed: number
): Promise<void> {
  const limit = failureLimit(attempts, failed)
  if (limit === undefined || await store.addFailures(username, failed, limit)) return
  throw await lockedMeanwhile(store, username, attempts)
}

/** The refusal of an answer that came too late, behind those that reached the limit at the same moment. */
export async function lockedMeanwhile (
  store: Pick<Store, 'countFailures'>,
  username: string,
  attempts: AttemptLimit
): Promise<ServiceError> {
  const { count, waitMs } = await store.countFailures(username, attempts.minutes * 60_000)
  return tooManyFailures(attempts, Math.max(count, attempts.max), waitMs)
}

function tooManyFailures ({ minutes }: AttemptLimit, count: number, waitMs: number): ServiceError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new ServiceError(
    'rate_limited',
    `${count} attempts on the face of this user failed within ${minutes} minutes. Try again in ${seconds} s.`,
    {
      headers: { 'retry-after': String(seconds) }
    }
  )
}
