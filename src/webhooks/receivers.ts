/**
 * Keeps the receivers of webhooks apart: each origin has its own few connections, and one that does not answer is left
 * alone for a while (a circuit breaker), so that no receiver delays another.
 */
import { performance } from 'node:perf_hooks'
import pLimit, { type LimitFunction } from 'p-limit'

export interface Outcome {
  /** What went wrong, in words; null: it was taken. */
  problem: string | null
  /** False for a receiver that did not answer at all. */
  answered: boolean
}

export interface ReceiverLimits {
  /** Deliveries to one origin at a time. */
  concurrency: number
  /** Longest wait for a connection of the origin, milliseconds; a delivery that waited longer fails unsent. */
  waitMs: number
  /** Deliveries in a row without an answer that open the circuit. */
  failuresToOpen: number
  /** How long nothing is sent then; afterwards one delivery tries, and its answer closes the circuit. Milliseconds. */
  pauseMs: number
}

interface Receiver {
  slots: LimitFunction
  unanswered: number
  closedAgainAt: number
}

export interface Receivers {
  /** Runs `post` when the origin has a slot, or says why it was not run. */
  deliver (origin: string, post: () => Promise<Outcome>): Promise<string | null>
}

export function createReceivers ({ concurrency, waitMs, failuresToOpen, pauseMs }: ReceiverLimits): Receivers {
  const receivers = new Map<string, Receiver>()
  const receiverAt = (origin: string): Receiver => {
    const known = receivers.get(origin) ?? { slots: pLimit(concurrency), unanswered: 0, closedAgainAt: 0 }
    receivers.set(origin, known)
    return known
  }

  return {
    async deliver (origin, post) {
      const receiver = receiverAt(origin)
      const asked = performance.now()
      return await receiver.slots(async () => {
        if (performance.now() - asked > waitMs) { return `its receiver is too slow: it had no free connection for ${waitMs / 1000} s` }
        if (receiver.unanswered >= failuresToOpen) {
          if (performance.now() < receiver.closedAgainAt) { return `its receiver did not answer the last ${receiver.unanswered} deliveries` }
          // One tries; the others wait for its answer, or fail like it.
          receiver.closedAgainAt = performance.now() + pauseMs
        }
        const { problem, answered } = await post()
        receiver.unanswered = answered ? 0 : receiver.unanswered + 1
        if (!answered) receiver.closedAgainAt = performance.now() + pauseMs
        return problem
      })
    }
  }
}
