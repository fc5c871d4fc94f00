/** Guesses at a template that failed, counted for each user by all processes together. */

export interface FailureLimit {
  /** Failures that are allowed in the window. */
  max: number
  windowMs: number
}

export interface FailureCount {
  count: number
  /** Milliseconds until the oldest leaves the window; 0 when there is none. */
  waitMs: number
}

export interface FailureStore {
  /** Failures of the user in the window that ends now. */
  countFailures (username: string, windowMs: number): Promise<FailureCount>
  /** Adds failures of an enrolled user; false when there were too many already: then nothing is written. */
  addFailures (username: string, failures: number, limit: FailureLimit): Promise<boolean>
  /** ISO 8601 times, oldest first. */
  failuresOf (username: string): Promise<string[]>
}

/** Thrown by `saveUser` for a user at whom too many guesses failed; nothing was written. */
export class GuessingLockedError extends Error {
  override readonly name = 'GuessingLockedError'

  constructor () {
    super('too many guesses at the template failed')
  }
}

/**
 * A stored time that is further ahead than this, milliseconds, came from a clock that was wrong, and does not count.
 */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000

export interface Window extends FailureCount {
  /** The time that a failure is stored under. */
  time: number
  /** What was stored at or before this time is over. */
  since: number
}

/**
 * Time never runs back for a user: when the clock is behind the newest stored failure, as after a step of the clock or
 * on another machine, that failure is now.
 * @param times of the stored failures, milliseconds since 1970
 * @param clock of the one place that all processes share, or else of this machine
 */
export function windowOf (times: readonly number[], clock: number, windowMs: number): Window {
  const known = times.filter(time => time <= clock + MAX_AHEAD_MS)
  const time = Math.max(clock, ...known)
  const since = time - windowMs
  const recent = known.filter(time => time > since)
  return { time, since, count: recent.length, waitMs: recent.length === 0 ? 0 : Math.min(...recent) - since }
}

export function toCount ({ count, waitMs }: Window): FailureCount {
  return { count, waitMs }
}
