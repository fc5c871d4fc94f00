import { embeddingContract } from '../models/active-models.ts'
import type { Services } from '../server/services.ts'
import { activeThresholds } from '../verification/thresholds.ts'
import type { ChallengeServices } from './challenges.ts'

/**
 * Below this median of its frames no challenge passes: they are clearly of a print or a screen. Measured on the
 * cameras of docs/challenge.md: the median of live frames lies above it on every camera, that of screens below.
 */
export const LIVENESS_FLOOR = 0.02

/** What challenges need, from the settings and the active models. */
export function challengeServices ({ config, models, inference, store }: Services): ChallengeServices {
  const { similarity, liveness } = activeThresholds(config, models)
  return {
    inference,
    store,
    contract: embeddingContract(models),
    thresholds: { similarity, liveness: liveness === null ? null : Math.min(liveness, LIVENESS_FLOOR) },
    available: inference.landmarks,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    attempts: { max: config.FAILED_VERIFICATIONS_MAX, minutes: config.FAILED_VERIFICATIONS_MINUTES },
    minutes: config.CHALLENGE_MINUTES,
    maxPerUser: config.CHALLENGES_MAX
  }
}
