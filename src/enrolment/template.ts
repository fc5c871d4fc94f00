/** How new shots change a template: pure rules, applied inside the store's transaction. */
import { ServiceError } from '../errors/errors.ts'
import type { RejectedPhoto } from '../schemas/signup.ts'
import type { EmbeddingContract, Enrolment, Shot, User } from '../storage/store.ts'
import { anchorOf, cosine, sameContract, shotMatcher } from '../verification/match.ts'

/** Photos of one enrolment, and newest added shots that a template keeps beside its anchor. */
export const MAX_SHOTS = 5

/** One usable photo of the request. */
export interface Candidate {
  index: number
  filename: string
  shot: Shot
}

export interface TemplateRules {
  /** Least cosine similarity of an added photo to the template. */
  similarity: number
  /** Least cosine similarity of the photos of a first enrolment among each other. */
  agreement: number
  /** Lets the odd photos of a first enrolment go, as long as the others are more. */
  partial?: boolean
}

/**
 * Adds candidates to a user's template, or starts one. The shots of the first enrolment are the template's anchor:
 * added ones must match it, whatever others were added before, and never replace it. So no series of small steps leads
 * from one person to another.
 * @param current the user as stored; null when not enrolled yet
 * @param candidates at least one, of different bytes
 * @returns the template to store, the candidates that were dropped as already stored, and the odd ones that were let go
 * @throws {ServiceError} `identity_conflict` with the photos that do not fit, `reenrol_required`
 */
export function changeTemplate (
  current: User | null,
  candidates: readonly Candidate[],
  contract: EmbeddingContract,
  rules: TemplateRules
): { enrolment: Enrolment; duplicates: Candidate[]; odd: Candidate[] } {
  if (current !== null && !sameContract(current.contract, contract)) {
    throw new ServiceError(
      'reenrol_required',
      `The template of ${current.username} was made by another face model. Enrol again with mode=replace, or delete the user first.`
    )
  }
  const stored = new Set(current?.shots.map(({ sha256 }) => sha256))
  const duplicates = candidates.filter(({ shot }) => stored.has(shot.sha256))
  const sent = candidates.filter(({ shot }) => !stored.has(shot.sha256))

  const similarity = current === null ? medoidSimilarity(sent) : shotMatcher(anchorOf(current.shots))
  const threshold = current === null ? rules.agreement : rules.similarity
  const odd = sent.filter(({ shot }) => similarity(shot.embedding) < threshold)
  const fresh = sent.filter(candidate => !odd.includes(candidate))
  // Of two photos nobody can say which one is odd.
  const letGo = current === null && rules.partial === true && fresh.length > odd.length
  if (odd.length > 0 && !letGo) {
    const message =
      current === null
        ? `The photos show different people; nothing was stored. ${namesOf(odd)} not match the others. Send photos of one person only.`
        : `The photos do not show the person who is enrolled as ${current.username}; nothing was changed.`
    throw new ServiceError('identity_conflict', message, {
      details: {
        rejected: odd.map(notSamePerson)
      }
    })
  }
  const added = fresh.map(({ shot }) => shot)
  return {
    enrolment: { contract, shots: current === null ? anchored(added) : extended(current.shots, added) },
    duplicates,
    odd
  }
}

function extended (shots: readonly Shot[], added: readonly Shot[]): Shot[] {
  const anchor = anchorOf(shots)
  return [...anchored(anchor), ...[...shots.filter(shot => !anchor.includes(shot)), ...added].slice(-MAX_SHOTS)]
}

function anchored (shots: readonly Shot[]): Shot[] {
  return shots.map(shot => ({ ...shot, anchor: true as const }))
}

/** What the answer says about a rejected photo. */
export function notSamePerson ({ index, filename }: Candidate): RejectedPhoto {
  return { index, filename, code: 'not_same_person', message: 'The face does not match the others.' }
}

/** `Photo 3 (three.jpg) does`, counted from 1 as people do. */
function namesOf (odd: readonly Candidate[]): string {
  const names = odd.map(({ index, filename }) => `${index + 1} (${filename})`)
  return names.length === 1 ? `Photo ${names[0]} does` : `Photos ${names.join(', ')} do`
}

/** Similarity to the candidate that is most like all the others. */
function medoidSimilarity (candidates: readonly Candidate[]): (embedding: Float32Array) => number {
  const vectors = candidates.map(({ shot }) => shot.embedding)
  const totals = vectors.map(vector => vectors.reduce((sum, other) => sum + cosine(vector, other), 0))
  const medoid = vectors[totals.indexOf(Math.max(...totals))]!
  return embedding => cosine(medoid, embedding)
}
