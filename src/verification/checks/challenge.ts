/** What a passed challenge changes about the liveness of a proof. */
import type { LivenessOutcome } from '../../schemas/verdict.ts'

export type LivenessMode = 'passive' | 'challenge' | 'either'

/** @param challenge id of one that the user passed; null: none was sent */
export function withChallenge (
  passive: LivenessOutcome,
  challenge: string | null,
  mode: LivenessMode
): LivenessOutcome {
  if (passive.outcome === 'skipped' || mode === 'passive') return passive
  if (challenge === null) {
    return mode === 'challenge' && passive.outcome === 'passed'
      ? {
          ...passive,
          outcome: 'failed',
          reason: 'challenge_required',
          message:
            'Every verification needs a passed challenge. Begin one with POST /api/challenges, and send its id in the field challenge.'
        }
      : passive
  }
  if (passive.outcome !== 'uncertain') return passive
  const { reason: _, ...rest } = passive
  return {
    ...rest,
    outcome: 'passed',
    message: `The photo alone does not decide (${(passive.score ?? 0).toFixed(2)}); the passed challenge shows a live person.`
  }
}

/** Whether a passed challenge would turn this outcome. */
export function wantsChallenge (
  { outcome, reason }: LivenessOutcome,
  challenge: string | null,
  mode: LivenessMode
): boolean {
  return challenge === null && mode !== 'passive' && (outcome === 'uncertain' || reason === 'challenge_required')
}
