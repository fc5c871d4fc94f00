/** What a passed challenge changes about the liveness of a proof. */
import type { LivenessOutcome } from '../../schemas/verdict.ts'
import type { Thresholds } from '../thresholds.ts'

export type LivenessMode = 'passive' | 'challenge' | 'either'

/**
 * Below this score no challenge helps: the photo itself is clearly of a print or a screen. Measured on the cameras of
 * docs/challenge.md: the median of live frames lies above it on every camera, that of screens below.
 */
export const livenessFloor = 0.02

/** @param challenge id of one that the user passed; null: none was sent */
export function withChallenge (passive: LivenessOutcome, challenge: string | null, mode: LivenessMode, thresholds: Thresholds): LivenessOutcome {
  if (passive.outcome === 'skipped' || mode === 'passive') return passive
  if (challenge === null) {
    return mode === 'challenge' && passive.outcome === 'passed'
      ? { ...passive, outcome: 'failed', reason: 'challenge_required', message: 'Every verification needs a passed challenge. Begin one with POST /api/challenges, and send its id in the field challenge.' }
      : passive
  }
  const floor = Math.min(livenessFloor, thresholds.liveness ?? livenessFloor)
  if (passive.outcome === 'passed' || passive.score === null || passive.score < floor) return passive
  const { reason: _, ...rest } = passive
  return { ...rest, outcome: 'passed', message: `The photo alone does not decide (${passive.score.toFixed(2)}); the passed challenge shows a live person.` }
}

/** Whether a passed challenge would turn this outcome. */
export function wantsChallenge (liveness: LivenessOutcome, challenge: string | null, mode: LivenessMode, thresholds: Thresholds): boolean {
  if (liveness.outcome !== 'failed' || challenge !== null) return false
  return withChallenge(liveness, 'passed', mode, thresholds).outcome === 'passed'
}
