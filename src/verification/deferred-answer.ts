/** The answer about a job, for GET requests and for its webhook. */
import type { JobAnswer } from '../schemas/jobs.ts'
import type { VerifyAnswer } from '../schemas/verdict.ts'
import type { DeferredState } from '../storage/subjects/deferred.ts'
import { withoutScores } from './without-scores.ts'

export function jobAnswer (
  { id, status, outcome }: Pick<DeferredState, 'id' | 'status' | 'outcome'>,
  scores: boolean
): JobAnswer {
  if (outcome === null) return { id, status }
  if (status === 'failed') return { id, status, error: JSON.parse(outcome) }
  const verdict = JSON.parse(outcome) as VerifyAnswer
  return { id, status, verdict: scores ? verdict : withoutScores(verdict) }
}
