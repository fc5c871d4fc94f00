import type { ChallengeChecks } from '../schemas/challenges.ts'

/** Pass or fail only: no number shows how near a face came. */
export function withoutScores (checks: ChallengeChecks): ChallengeChecks {
  return Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [name, { ...check, score: null, threshold: null }])
  ) as ChallengeChecks
}
