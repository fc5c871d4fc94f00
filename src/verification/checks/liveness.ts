import type { LivenessOutcome } from '../../schemas/verdict.ts'
import type { Evidence } from '../evidence.ts'

/** Is it a live person? The subject's probability of being live reaches the threshold; null: switched off. */
export function checkLiveness (evidence: Evidence, threshold: number | null): LivenessOutcome {
  if (threshold === null) {
    return { outcome: 'skipped', score: null, threshold, reason: 'disabled', message: 'The liveness check is switched off.', models: [] }
  }
  if (evidence.liveness === null) {
    return { outcome: 'skipped', score: null, threshold, reason: 'no_face', message: 'There is no face to judge.', models: [] }
  }
  const { score, models } = evidence.liveness
  const measured = `${score.toFixed(2)}, needed ${threshold.toFixed(2)}`
  return score >= threshold
    ? { outcome: 'passed', score, threshold, message: `The face looks live: ${measured}.`, models }
    : { outcome: 'failed', score, threshold, reason: 'not_live', message: `The face looks like a print, a screen or a mask: ${measured}. Take the photo directly with the camera, not of another picture.`, models }
}
