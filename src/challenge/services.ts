import { embeddingContract } from '../models/active-models.ts'
import type { Services } from '../server/services.ts'
import { livenessFloor } from '../verification/checks/challenge.ts'
import { activeThresholds } from '../verification/thresholds.ts'
import type { ChallengeServices } from './challenges.ts'

/** What challenges need, from the settings and the active models. */
export function challengeServices ({ config, models, inference, store }: Services): ChallengeServices {
  const { similarity, liveness } = activeThresholds(config, models)
  return {
    inference,
    store,
    contract: embeddingContract(models),
    thresholds: { similarity, liveness: liveness === null ? null : Math.min(liveness, livenessFloor) },
    available: inference.landmarks,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    attempts: { max: config.FAILED_VERIFICATIONS_MAX, minutes: config.FAILED_VERIFICATIONS_MINUTES },
    minutes: config.CHALLENGE_MINUTES,
    maxPerUser: config.CHALLENGES_MAX
  }
}
