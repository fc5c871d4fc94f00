import { embeddingContract, modelsInForce, type Services, thresholdsInForce } from '../services.ts'
import type { VerificationServices } from './verify.ts'

/** What a verification needs, from the settings and models in force. */
export function verificationServices ({ config, models, inference, store, archive, tasks }: Services): VerificationServices {
  return {
    inference,
    store,
    archive,
    tasks,
    contract: embeddingContract(models),
    thresholds: thresholdsInForce(config, models),
    modelIds: modelsInForce(models).map(({ id }) => id),
    maxFaces: config.MAX_FACES,
    maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6,
    attempts: { max: config.FAILED_VERIFICATIONS_MAX, minutes: config.FAILED_VERIFICATIONS_MINUTES },
    replayCheck: config.REPLAY_CHECK
  }
}
