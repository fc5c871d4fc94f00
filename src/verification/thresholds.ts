/** The scores that a proof must reach: the operator's settings, or what was measured for the models. */
import type { ModelSet } from '../../workers/types.ts'
import type { Config } from '../config/config.ts'

/** Least scores that pass; liveness null: switched off. */
export interface Thresholds {
  /** Cosine similarity, -1..1. */
  similarity: number
  /** Probability, 0..1. */
  liveness: number | null
}

/** Several liveness models that nobody measured together are held to the mean of their thresholds. */
export function activeThresholds (config: Config, models: ModelSet): Thresholds {
  const measured = models.liveness.map(({ threshold }) => threshold.value)
  return {
    similarity: config.EMBEDDING_THRESHOLD ?? models.faceEmbedder.threshold.value,
    liveness: measured.length === 0
      ? null
      : config.LIVENESS_THRESHOLD ?? models.ensembleThreshold?.value ??
        measured.reduce((sum, value) => sum + value, 0) / measured.length
  }
}
