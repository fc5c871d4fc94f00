/** Comparing embeddings. All vectors are unit vectors, so that the cosine is the dot product. */
import type { EmbeddingContract, Shot } from '../storage/store.ts'

/** Cosine similarity of two unit vectors of equal length, -1..1. */
export function cosine (a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The normalised mean of unit vectors: the template's centroid. */
export function centroid (vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]!.length)
  for (const vector of vectors) {
    for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]!
  }
  const norm = Math.sqrt(cosine(mean, mean))
  return mean.map(value => value / norm)
}

/** A matcher against one person's shots: the best similarity among the centroid and each single shot. */
export function templateMatcher (shots: readonly Shot[]): (embedding: Float32Array) => number {
  const vectors = shots.map(shot => shot.embedding)
  const candidates = vectors.length > 1 ? [centroid(vectors), ...vectors] : vectors
  return embedding => Math.max(...candidates.map(candidate => cosine(candidate, embedding)))
}

/** Embeddings may be compared only when the same network saw pixels prepared in the same way. */
export function sameContract (a: EmbeddingContract, b: EmbeddingContract): boolean {
  return a.model === b.model && a.preprocessing === b.preprocessing && a.dimension === b.dimension
}
