import type { OriginalityOutcome } from '../../schemas/verdict.ts'
import type { EarlierPhoto } from '../../originality/earlier-photos.ts'

/** How long one person may send photos of one scene for one task: a second try, or the next photo of a series. */
const SAME_SCENE_MINUTES = 15

/** When the first photos of the scene may have been sent, ISO 8601. */
export function sameSceneSince (at: string): string {
  return new Date(Date.parse(at) - SAME_SCENE_MINUTES * 60_000).toISOString()
}

export interface Claim {
  username: string
  /** Name of the task. */
  task: string
  /** ISO 8601. */
  at: string
}

export interface OriginalityRule {
  /** True lets several users prove one task with one photo. */
  shared: boolean
}

/**
 * Is it a photo of its own? Earlier approved proofs and enrolment photos show another picture, but for the same user's
 * own proof of the same task a few minutes before.
 * @param earlier photos that show the same picture; left out, as the claim: not looked for
 */
export function checkOriginality (
  earlier?: readonly EarlierPhoto[],
  claim?: Claim & OriginalityRule
): OriginalityOutcome {
  const known = { score: null, threshold: null }
  if (earlier === undefined || claim === undefined) {
    return {
      ...known,
      outcome: 'skipped',
      reason: 'disabled',
      message: 'The photo was not compared with earlier ones.'
    }
  }
  const found = earlier.find(photo => !isAllowed(photo, claim))
  if (found === undefined) return { ...known, outcome: 'passed', message: 'The photo was not used before.' }
  const own = found.username === claim.username
  return {
    ...known,
    outcome: 'failed',
    reason: 'recycled_photo',
    message: `The photo was used before, ${describe(found, own)}. Take a new one.`,
    match: { kind: found.kind, own, ...(own && found.verification !== null && { verification: found.verification.id }) }
  }
}

function isAllowed ({ kind, username, verification }: EarlierPhoto, claim: Claim & OriginalityRule): boolean {
  if (kind === 'shot' || verification === null || verification.task !== claim.task) return false
  if (username !== claim.username) return claim.shared
  return Math.abs(Date.parse(claim.at) - Date.parse(verification.createdAt)) <= SAME_SCENE_MINUTES * 60_000
}

function describe ({ kind, verification }: EarlierPhoto, own: boolean): string {
  if (kind === 'shot') return own ? 'for the enrolment of this user' : 'for the enrolment of another user'
  return own ? `in the verification ${verification?.id}` : 'for a proof of another user'
}
