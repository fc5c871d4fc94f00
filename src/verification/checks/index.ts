/** The checks in reporting order: the first failure gives the verdict's `reason`. */
import type { Checks, FailureReason } from '../../schemas/verdict.ts'
import type { Task } from '../../tasks/catalog.ts'
import type { Evidence } from '../evidence.ts'
import type { Thresholds } from '../thresholds.ts'
import { checkFace } from './face.ts'
import { checkLiveness } from './liveness.ts'
import { checkOriginality, type Claim, type OriginalityRule } from './originality.ts'
import { checkTask } from './task.ts'

export function runChecks (
  evidence: Evidence,
  task: Task,
  thresholds: Thresholds,
  claim?: Claim & OriginalityRule
): Checks {
  return {
    face: checkFace(evidence, thresholds.similarity),
    liveness: checkLiveness(evidence, thresholds),
    task: checkTask(evidence, task),
    originality: checkOriginality(evidence.original?.earlier.photos, claim)
  }
}

/** The codes of every check that failed or is uncertain, in reporting order; empty means approved. */
export function failures (checks: Checks): FailureReason[] {
  return [checks.face, checks.liveness, checks.task, checks.originality]
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'uncertain')
    .map(({ reason }) => reason as FailureReason)
}

/** The headline that clients of the original service know, for each failure code. */
export const headlines = {
  no_face: 'No face detected',
  face_too_small: 'No face detected',
  face_unclear: 'Face not recognisable',
  face_mismatch: 'Face mismatch',
  not_live: 'Liveness failed',
  liveness_uncertain: 'Liveness uncertain',
  challenge_required: 'Liveness failed',
  task_not_shown: 'Task not verified',
  task_not_by_subject: 'Task not verified',
  recycled_photo: 'Photo used before'
} as const satisfies Record<FailureReason, string>
