/** Photo to evidence, evidence through the checks, outcomes to a verdict, verdict to the record. */
import { createHash, randomUUID } from 'node:crypto'
import { ServiceError } from '../errors.ts'
import type { Inference } from '../inference.ts'
import type { Photo } from '../schemas/upload.ts'
import type { VerifyAnswer } from '../schemas/verify.ts'
import type { EmbeddingContract, Store } from '../storage/store.ts'
import type { Catalog } from '../tasks/catalog.ts'
import { normalizeUsername } from '../username.ts'
import { failures, headlines, runChecks, type Thresholds } from './checks/index.ts'
import { collectEvidence } from './evidence.ts'
import { sameContract, templateMatcher } from './match.ts'
import { photoErrorCode, photoProblemMessage } from './photo-error.ts'

export interface VerificationServices {
  inference: Inference
  store: Store
  tasks: Catalog
  contract: EmbeddingContract
  thresholds: Thresholds
  /** Ids of the models in force, for the record. */
  modelIds: string[]
  maxFaces: number
  maxPixels: number
}

export interface Proof {
  username: string
  task: string
  file: Photo
  requestId: string
  /** Aborted when nobody waits for the verdict any more. */
  signal?: AbortSignal
}

/**
 * Judges one proof and records the verdict.
 * @throws {ServiceError} `invalid_username`, `user_not_found`, `reenrol_required`, `unknown_task`, `task_unavailable`,
 *   or, for a file that is no picture, `unsupported_image_type`, `too_many_pixels`, `unreadable_image`
 */
export async function verify (services: VerificationServices, proof: Proof): Promise<VerifyAnswer> {
  const username = normalizeUsername(proof.username)
  const task = services.tasks.find(proof.task)
  const user = await services.store.findUser(username)
  if (user === null) throw new ServiceError('user_not_found', `There is no enrolled user ${username}. Enrol the user first.`)
  if (!sameContract(user.contract, services.contract)) {
    throw new ServiceError('reenrol_required', `The template of ${username} was made by another face model and cannot be compared. Delete the user and enrol again.`)
  }

  const { bytes } = proof.file
  const evidence = await services.inference.onPhoto(async run => {
    const { frame, problem } = await run('decode', { bytes, maxPixels: services.maxPixels })
    if (problem !== undefined) {
      throw new ServiceError(photoErrorCode(problem.code), `${photoProblemMessage(problem, services.maxPixels)} (field file)`)
    }
    return collectEvidence(run, frame, {
      match: templateMatcher(user.shots), maxFaces: services.maxFaces, liveness: services.thresholds.liveness !== null
    })
  }, proof.signal)

  const checks = runChecks(evidence, task, services.thresholds)
  const reasons = failures(checks)
  const verdict = {
    id: randomUUID(),
    user: username,
    task: task.name,
    similarity: checks.face.score,
    liveness_score: checks.liveness.score,
    timestamp: new Date().toISOString(),
    reasons,
    checks,
    photo: { width: evidence.width, height: evidence.height }
  }
  await services.store.recordVerification({
    id: verdict.id,
    requestId: proof.requestId,
    username,
    task: task.name,
    status: reasons.length === 0 ? 'approved' : 'rejected',
    reasons,
    similarity: verdict.similarity,
    livenessScore: verdict.liveness_score,
    photo: createHash('sha256').update(bytes).digest('hex'),
    models: services.modelIds,
    createdAt: verdict.timestamp
  })
  const [first] = reasons
  return first === undefined
    ? { status: 'approved', ...verdict }
    : { status: 'rejected', reason: headlines[first], ...verdict }
}
