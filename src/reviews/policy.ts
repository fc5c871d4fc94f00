/** What is left to a person, as the operator's settings say. */
import { type Config, ConfigError } from '../config/config.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

export interface ReviewPolicy {
  enabled: boolean
  /** How long a review stays open, milliseconds. */
  openMs: number
  /** Reviewers that must approve. */
  approvals: number
  /** Where decisions are posted; null: nowhere. */
  webhook: string | null
}

const DAY_MS = 24 * 60 * 60 * 1000

type ReviewSettings = Pick<Config, 'REVIEW' | 'REVIEW_DAYS' | 'REVIEW_APPROVALS' | 'REVIEW_WEBHOOK'>

/** @throws {ConfigError} for a webhook whose origin is not listed */
export function reviewPolicy (
  { REVIEW, REVIEW_DAYS, REVIEW_APPROVALS, REVIEW_WEBHOOK }: ReviewSettings,
  webhooks: Pick<Webhooks, 'allows'>
): ReviewPolicy {
  if (REVIEW_WEBHOOK !== '' && !webhooks.allows(REVIEW_WEBHOOK)) { throw new ConfigError('REVIEW_WEBHOOK is not at an origin of WEBHOOK_ORIGINS; list its origin there') }
  return {
    enabled: REVIEW !== 'off',
    openMs: REVIEW_DAYS * DAY_MS,
    approvals: REVIEW_APPROVALS,
    webhook: REVIEW_WEBHOOK === '' ? null : REVIEW_WEBHOOK
  }
}
