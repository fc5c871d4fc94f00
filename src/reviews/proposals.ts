/** Which verdicts and signups a person looks at, and what that person gets to see. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../audit/entry.ts'
import type { FailureReason, VerifyAnswer } from '../schemas/verdict.ts'
import type { NewReview, NewSketch, StoredVerification } from '../storage/store.ts'
import type { ReviewPolicy } from './policy.ts'

/** Failures that a person may see otherwise. Any other failure beside them stands, whatever a person would say. */
const undecided = ['liveness_uncertain', 'recycled_photo'] as const satisfies FailureReason[]

type Undecided = typeof undecided[number]

interface Photo {
  bytes: Uint8Array
  sha256: string
}

/** The reason to review a verdict; null: the machine decides. */
export function reasonToReview (
  { enabled }: ReviewPolicy,
  { reasons, checks }: Pick<VerifyAnswer, 'reasons' | 'checks'>
): Undecided | 'demonstration' | null {
  if (!enabled) return null
  if (reasons.length === 0) return checks.task.demonstration === true ? 'demonstration' : null
  return reasons.every(reason => (undecided as readonly FailureReason[]).includes(reason))
    ? (undecided.find(reason => reasons.includes(reason)) ?? null)
    : null
}

/** @param sketches by which the photo is found later, if it is approved */
export function reviewOfProof (
  policy: ReviewPolicy, answer: VerifyAnswer, actor: Actor,
  { photo, sketches, webhook }: { photo: Photo, sketches: readonly NewSketch[], webhook: string | null }
): NewReview | undefined {
  const reason = reasonToReview(policy, answer)
  if (reason === null) return undefined
  const { id, user, task, timestamp, status, reasons, similarity, liveness_score: score, checks, photo: size } = answer
  return {
    ...frame(policy, actor, timestamp),
    username: user,
    verification: id,
    task,
    reason,
    detail: JSON.stringify({ status, reasons, similarity, liveness_score: score, checks, photo: size }),
    photo,
    sketches: status === 'approved' ? [] : sketches,
    webhook: webhook ?? policy.webhook
  }
}

/**
 * @param duplicates other users with the same face; who they are is looked up when somebody asks, since they may be
 * erased
 */
export function reviewOfSignup (
  policy: ReviewPolicy,
  actor: Actor,
  { username, duplicates, photo }: { username: string; duplicates: number; photo: Photo | null }
): NewReview | undefined {
  if (!policy.enabled || duplicates === 0) return undefined
  return {
    ...frame(policy, actor, new Date().toISOString()),
    username,
    verification: null,
    task: null,
    reason: 'possible_duplicate',
    detail: JSON.stringify({ possible_duplicates: duplicates }),
    photo,
    sketches: [],
    webhook: policy.webhook
  }
}

/** @param record of a user who is enrolled */
export function reviewOfAppeal (
  policy: ReviewPolicy, record: StoredVerification & { username: string }, actor: Actor,
  { statement, photo, sketches }: { statement: string | null, photo: Photo | null, sketches: readonly NewSketch[] }
): NewReview {
  const { status, reasons, similarity, livenessScore, task, username, id } = record
  return {
    ...frame(policy, actor, new Date().toISOString()),
    username,
    verification: id,
    task,
    reason: 'appeal',
    detail: JSON.stringify({ status, reasons, similarity, liveness_score: livenessScore, statement }),
    photo,
    sketches,
    webhook: policy.webhook
  }
}

function frame ({ openMs }: ReviewPolicy, { requestId, key }: Actor, createdAt: string) {
  return {
    id: randomUUID(),
    requestId,
    key,
    createdAt,
    expiresAt: new Date(Date.parse(createdAt) + openMs).toISOString()
  }
}
