/** The models that the service uses, as a list, and what they fix for the templates. */
import type { ModelSet, Resolved } from '../../workers/types.ts'
import type { EmbeddingContract } from '../storage/store.ts'
import type { Model } from './manifest.ts'

/** Every model of a set, in the order in which they run. */
export function activeModels ({ faceDetector, faceLandmarks, faceEmbedder, liveness, objectDetector }: ModelSet) {
  return [faceDetector, faceLandmarks, faceEmbedder, ...liveness, objectDetector]
    .filter(model => model !== null) satisfies Resolved<Model>[]
}

/** What makes two embeddings comparable under these models. */
export function embeddingContract ({ faceEmbedder }: ModelSet): EmbeddingContract {
  return { model: faceEmbedder.sha256, preprocessing: faceEmbedder.preprocessing, dimension: faceEmbedder.dimension }
}
