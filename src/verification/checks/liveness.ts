import type { LivenessOutcome } from '../../schemas/verdict.ts'
import type { Evidence } from '../evidence.ts'
import type { Thresholds } from '../thresholds.ts'

/** Is it a live person? The subject's probability of being live passes, fails, or leaves it open. */
export function checkLiveness (
  evidence: Pick<Evidence, 'liveness'>,
  { liveness, uncertain }: Pick<Thresholds, 'liveness' | 'uncertain'>
): LivenessOutcome {
  if (liveness === null) {
    return {
      outcome: 'skipped',
      score: null,
      threshold: null,
      reason: 'disabled',
      message: 'The liveness check is switched off.',
      models: []
    }
  }
  const threshold = uncertain?.high ?? liveness
  if (evidence.liveness === null) {
    return {
      outcome: 'skipped',
      score: null,
      threshold,
      reason: 'no_face',
      message: 'There is no face to judge.',
      models: []
    }
  }
  const { score, models } = evidence.liveness
  const known = { score, threshold, ...(uncertain !== null && { uncertain }), models }
  const measured = `${score.toFixed(2)}, needed ${threshold.toFixed(2)}`
  if (score >= threshold) return { ...known, outcome: 'passed', message: `The face looks live: ${measured}.` }
  return uncertain !== null && score >= uncertain.low
    ? {
        ...known,
        outcome: 'uncertain',
        reason: 'liveness_uncertain',
        message: `The photo alone does not show whether the person is live: ${measured}. Pass a challenge, or take another photo with more light and more room around the face.`
      }
    : {
        ...known,
        outcome: 'failed',
        reason: 'not_live',
        message: `The face looks like a print, a screen or a mask: ${measured}. Take the photo directly with the camera, not of another picture.`
      }
}
