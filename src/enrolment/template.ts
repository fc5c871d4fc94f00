/** How new shots change a template: pure rules, applied inside the store's transaction. */
import { ServiceError } from '../errors/errors.ts'
import type { PhotoRejectionCode } from '../schemas/signup.ts'
import type { EmbeddingContract, Enrolment, Shot, User } from '../storage/store.ts'
import { cosine, sameContract, templateMatcher } from '../verification/match.ts'

/** Newest shots that make up a template. */
export const MAX_SHOTS = 5

/** One usable photo of the request. */
export interface Candidate {
  index: number
  filename: string
  shot: Shot
}

/**
 * Adds candidates to a user's template, or starts one.
 * @param current the user as stored; null when not enrolled yet
 * @param candidates at least one, of different bytes
 * @param threshold least cosine similarity of one person
 * @returns the template to store and the candidates that were dropped as already stored
 * @throws {ServiceError} `identity_conflict` with the photos that do not fit, `reenrol_required`
 */
export function changeTemplate (current: User | null, candidates: readonly Candidate[], contract: EmbeddingContract, threshold: number): { enrolment: Enrolment, duplicates: Candidate[] } {
  if (current !== null && !sameContract(current.contract, contract)) {
    throw new ServiceError('reenrol_required', `The template of ${current.username} was made by another face model. Enrol again with mode=replace, or delete the user first.`)
  }
  const stored = new Set(current?.shots.map(({ sha256 }) => sha256))
  const duplicates = candidates.filter(({ shot }) => stored.has(shot.sha256))
  const fresh = candidates.filter(({ shot }) => !stored.has(shot.sha256))

  const similarity = current === null ? medoidSimilarity(fresh) : templateMatcher(current.shots)
  const strangers = fresh.filter(({ shot }) => similarity(shot.embedding) < threshold)
  if (strangers.length > 0) {
    const message = current === null
      ? 'The photos show different people; nothing was stored. Send photos of one person only.'
      : `The photos do not show the person who is enrolled as ${current.username}; nothing was changed.`
    throw new ServiceError('identity_conflict', message, {
      details: {
        rejected: strangers.map(({ index, filename }) => ({
          index, filename, code: 'not_same_person' satisfies PhotoRejectionCode, message: 'The face does not match the others.'
        }))
      }
    })
  }
  const shots = [...(current?.shots ?? []), ...fresh.map(({ shot }) => shot)].slice(-MAX_SHOTS)
  return { enrolment: { contract, shots }, duplicates }
}

/** Similarity to the candidate that is most like all the others. */
function medoidSimilarity (candidates: readonly Candidate[]): (embedding: Float32Array) => number {
  const vectors = candidates.map(({ shot }) => shot.embedding)
  const totals = vectors.map(vector => vectors.reduce((sum, other) => sum + cosine(vector, other), 0))
  const medoid = vectors[totals.indexOf(Math.max(...totals))]!
  return embedding => cosine(medoid, embedding)
}
