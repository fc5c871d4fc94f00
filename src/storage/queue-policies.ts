/** How long the queues lease what waits in them, and how long they pause between attempts. */

export const queueNames = ['verify', 'webhook', 'review'] as const

export type QueueName = typeof queueNames[number]

/** Seconds. */
export interface QueuePolicy {
  /** How long a process may work before another one replaces it. */
  lease: number
  /**
   * Pause after the first failed attempt; it doubles with each further one and has up to its own length added by
   * chance.
   */
  pause: number
  pauseMax: number
}

export type QueuePolicies = Record<QueueName, QueuePolicy>

/** For the store's own time, before and after the work, seconds. */
const LEASE_MARGIN_SECONDS = 10

/** Seconds that a receiver of a webhook has to answer. */
export const WEBHOOK_TIMEOUT_SECONDS = 10

/**
 * @param config `REQUEST_TIMEOUT` in seconds; a deferred verification may wait that long behind requests and then work
 * as long
 */
export function queuePolicies ({ REQUEST_TIMEOUT }: { REQUEST_TIMEOUT: number }): QueuePolicies {
  // It may wait for a connection as long as for the answer.
  const webhook = { lease: 2 * WEBHOOK_TIMEOUT_SECONDS + LEASE_MARGIN_SECONDS, pause: 5, pauseMax: 3600 }
  return {
    verify: { lease: Math.ceil(2 * REQUEST_TIMEOUT) + LEASE_MARGIN_SECONDS, pause: 1, pauseMax: 60 },
    webhook,
    review: webhook
  }
}
