/** The scores that a proof must reach: the operator's settings, or what was measured for the models. */
import type { ModelSet } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import type { LivenessZone } from '../models/manifest.ts'

export type { LivenessZone }

/** Least scores that pass; liveness null: switched off. */
export interface Thresholds {
  /** Cosine similarity, -1..1. */
  similarity: number
  /** Cosine similarity of the photos of one enrolment, -1..1: nobody attacks himself, so it may be lower. */
  agreement: number
  /** Quality of a face that is compared or enrolled, 0..1; 0: every face. */
  quality: number
  /** Probability, 0..1, where the photo alone must decide. */
  liveness: number | null
  /**
   * Scores that the photo alone does not decide; below they fail, above they pass. Null: `liveness` decides them all.
   */
  uncertain: LivenessZone | null
}

/** What was measured for the models in use. */
export interface MeasuredModels {
  faceEmbedder: Pick<ModelSet['faceEmbedder'], 'threshold' | 'agreement' | 'quality'>
  liveness: readonly Pick<ModelSet['liveness'][number], 'threshold'>[]
  ensembleThreshold?: ModelSet['ensembleThreshold']
}

/**
 * Several liveness models that nobody measured together are held to the mean of their thresholds.
 * @throws {ConfigError} for a zone that is none, or that LIVENESS_THRESHOLD lies outside of
 */
export function activeThresholds (config: Config, models: MeasuredModels): Thresholds {
  const { threshold, agreement, quality } = models.faceEmbedder
  const similarity = config.EMBEDDING_THRESHOLD ?? threshold.value
  return {
    similarity,
    agreement: Math.min(similarity, agreement?.value ?? similarity),
    quality: config.FACE_QUALITY_THRESHOLD ?? quality?.threshold.value ?? 0,
    ...livenessThresholds(config, models)
  }
}

/** The settings that say a threshold; one that is not named was measured for the models. */
export function thresholdSettings (
  { EMBEDDING_THRESHOLD, FACE_QUALITY_THRESHOLD, LIVENESS_THRESHOLD, LIVENESS_UNCERTAIN }: Config
): Partial<Record<keyof Thresholds, string>> {
  return {
    ...(EMBEDDING_THRESHOLD !== undefined && { similarity: 'EMBEDDING_THRESHOLD' }),
    ...(FACE_QUALITY_THRESHOLD !== undefined && { quality: 'FACE_QUALITY_THRESHOLD' }),
    ...(LIVENESS_THRESHOLD !== undefined && { liveness: 'LIVENESS_THRESHOLD' }),
    ...(LIVENESS_UNCERTAIN !== '' && { uncertain: 'LIVENESS_UNCERTAIN' })
  }
}

function livenessThresholds (
  config: Config,
  { liveness, ensembleThreshold }: MeasuredModels
): Pick<Thresholds, 'liveness' | 'uncertain'> {
  if (liveness.length === 0) return { liveness: null, uncertain: null }
  const measured = ensembleThreshold === undefined ? liveness.map(({ threshold }) => threshold) : [ensembleThreshold]
  return {
    liveness: config.LIVENESS_THRESHOLD ?? mean(measured.map(({ value }) => value)),
    uncertain: zoneOf(
      config,
      measured.map(({ uncertain }) => uncertain)
    )
  }
}

/**
 * LIVENESS_UNCERTAIN says the zone. Left out, it is the measured one, which a LIVENESS_THRESHOLD ends: that score
 * passes, as it always did. With LIVENESS_MODE=passive nothing could decide, so that only a zone that was asked for
 * holds.
 */
function zoneOf (
  { LIVENESS_UNCERTAIN, LIVENESS_THRESHOLD: threshold, LIVENESS_MODE }: Config,
  measured: (LivenessZone | undefined)[]
): LivenessZone | null {
  if (LIVENESS_UNCERTAIN === 'off') return null
  if (LIVENESS_UNCERTAIN !== '') return parseZone(LIVENESS_UNCERTAIN, threshold)
  const zones = measured.filter(zone => zone !== undefined)
  if (LIVENESS_MODE === 'passive' || zones.length < measured.length) return null
  const low = mean(zones.map(zone => zone.low))
  const high = threshold ?? mean(zones.map(zone => zone.high))
  return low < high ? { low, high } : null
}

function parseZone (text: string, threshold: number | undefined): LivenessZone {
  const [low = NaN, high = NaN, ...more] = text.split('..').map(part => part.trim() === '' ? NaN : Number(part))
  if (more.length > 0 || !(low >= 0 && low < high && high <= 1)) {
    throw new ConfigError(
      `LIVENESS_UNCERTAIN=${text} is not a zone; expected off, or two probabilities like 0.02..0.6, the lower one first`
    )
  }
  if (threshold !== undefined && (threshold < low || threshold > high)) {
    throw new ConfigError(
      `LIVENESS_THRESHOLD=${threshold} lies outside of LIVENESS_UNCERTAIN=${text}; choose one within it, or leave one of the two out`
    )
  }
  return { low, high }
}

function mean (values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
