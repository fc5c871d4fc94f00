/** The scores that a proof must reach: the operator's settings, or what was measured for the models. */
import type { ModelSet } from '../../workers/types.ts'
import type { Config } from '../config/config.ts'

/** Least scores that pass; liveness null: switched off. */
export interface Thresholds {
  /** Cosine similarity, -1..1. */
  similarity: number
  /** Cosine similarity of the photos of one enrolment, -1..1: nobody attacks himself, so it may be lower. */
  agreement: number
  /** Quality of a face that is compared or enrolled, 0..1; 0: every face. */
  quality: number
  /** Probability, 0..1. */
  liveness: number | null
}

/** Several liveness models that nobody measured together are held to the mean of their thresholds. */
export function activeThresholds (config: Config, models: ModelSet): Thresholds {
  const { threshold, agreement, quality } = models.faceEmbedder
  const similarity = config.EMBEDDING_THRESHOLD ?? threshold.value
  const measured = models.liveness.map(({ threshold }) => threshold.value)
  return {
    similarity,
    agreement: Math.min(similarity, agreement?.value ?? similarity),
    quality: config.FACE_QUALITY_THRESHOLD ?? quality?.threshold.value ?? 0,
    liveness: measured.length === 0
      ? null
      : config.LIVENESS_THRESHOLD ?? models.ensembleThreshold?.value ??
        measured.reduce((sum, value) => sum + value, 0) / measured.length
  }
}
