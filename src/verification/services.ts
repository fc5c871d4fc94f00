import { attemptLimit } from './failure-limit.ts'
import type { Services } from '../server/services.ts'
import type { VerificationServices } from './judge-proof.ts'
import { embeddingContract, activeModels } from '../models/active-models.ts'
import { reviewPolicy } from '../reviews/policy.ts'
import { activeThresholds } from './thresholds.ts'

/** What a verification needs, from the settings and models in use. */
export function verificationServices ({
  config,
  models,
  inference,
  store,
  archive,
  tasks,
  webhooks
}: Services): VerificationServices {
  return {
    inference,
    store,
    archive,
    tasks,
    contract: embeddingContract(models),
    thresholds: activeThresholds(config, models),
    livenessMode: config.LIVENESS_MODE,
    modelIds: activeModels(models).map(({ id }) => id),
    maxFaces: config.MAX_FACES,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    attempts: attemptLimit(config),
    replayCheck: config.REPLAY_CHECK === 'all' ? 'bytes' : config.REPLAY_CHECK,
    sharedProofs: config.SHARED_PROOFS,
    reviews: reviewPolicy(config, webhooks)
  }
}
