import type { ModelSet } from '../../workers/types.ts'
import type { Config } from '../config/config.ts'

/** How much closer than a claimed identity a searched one must be while nobody measured it for the embedder. */
const MARGIN = 0.09

/**
 * The least similarity of one person in a comparison with many users: one chance in a million, not one in ten thousand.
 */
export function identificationThreshold (
  config: Pick<Config, 'EMBEDDING_THRESHOLD'>,
  { faceEmbedder }: ModelSet
): number {
  const claimed = config.EMBEDDING_THRESHOLD ?? faceEmbedder.threshold.value
  return Math.max(claimed, faceEmbedder.identification?.value ?? claimed + MARGIN)
}
