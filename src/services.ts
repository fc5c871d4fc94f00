/** What the application is built from: opened by the server (or a test), closed by the application. */
import type { FastifyBaseLogger } from 'fastify'
import type { ModelSet } from '../workers/types.ts'
import type { Access } from './access/access.ts'
import type { Config } from './config.ts'
import type { Inference } from './inference.ts'
import type { PhotoArchive } from './storage/photo-archive.ts'
import type { EmbeddingContract, Store } from './storage/store.ts'
import type { Catalog } from './tasks/catalog.ts'
import type { Thresholds } from './verification/checks/index.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

export interface Services {
  config: Config
  logger: FastifyBaseLogger
  access: Access
  models: ModelSet
  inference: Inference
  store: Store
  archive: PhotoArchive
  tasks: Catalog
  webhooks: Webhooks
}

/** Every model in force, in the order of the chain. */
export function modelsInForce ({ faceDetector, faceLandmarks, faceEmbedder, liveness, objectDetector }: ModelSet) {
  return [faceDetector, faceLandmarks, faceEmbedder, ...liveness, objectDetector].filter(model => model !== null)
}

/** What makes two embeddings comparable under the models in force. */
export function embeddingContract ({ faceEmbedder }: ModelSet): EmbeddingContract {
  return { model: faceEmbedder.sha256, preprocessing: faceEmbedder.preprocessing, dimension: faceEmbedder.dimension }
}

/**
 * The operator's thresholds, or those measured for the models. Several liveness models that nobody measured together are
 * held to the mean of their thresholds.
 */
export function thresholdsInForce (config: Config, models: ModelSet): Thresholds {
  const measured = models.liveness.map(({ threshold }) => threshold.value)
  return {
    similarity: config.EMBEDDING_THRESHOLD ?? models.faceEmbedder.threshold.value,
    liveness: measured.length === 0
      ? null
      : config.LIVENESS_THRESHOLD ?? models.ensembleThreshold?.value ?? measured.reduce((sum, value) => sum + value, 0) / measured.length
  }
}
