/** What every store promises, subject by subject; the contract suites in test/storage run on each of them. */
import type { AuditStore } from './subjects/audit.ts'
import type { ChallengeStore } from './subjects/challenges.ts'
import type { DeferredStore } from './subjects/deferred.ts'
import type { ErasureStore } from './subjects/erasure.ts'
import type { FailureStore } from './subjects/failures.ts'
import type { IdempotencyStore } from './subjects/idempotency.ts'
import type { LimitStore } from './subjects/limits.ts'
import type { PhotoStore } from './subjects/photos.ts'
import type { ReviewStore } from './subjects/reviews.ts'
import type { SketchStore } from './subjects/sketches.ts'
import type { UserStore } from './subjects/users.ts'
import type { VerificationStore } from './subjects/verifications.ts'
import type { WebhookStore } from './subjects/webhooks.ts'

export type * from './subjects/audit.ts'
export type * from './subjects/challenges.ts'
export type * from './subjects/deferred.ts'
export type * from './subjects/erasure.ts'
export type * from './subjects/failures.ts'
export type * from './subjects/idempotency.ts'
export type * from './subjects/limits.ts'
export type * from './subjects/page.ts'
export type * from './subjects/photos.ts'
export type * from './subjects/reviews.ts'
export type * from './subjects/sketches.ts'
export type * from './subjects/users.ts'
export type * from './subjects/verifications.ts'
export type * from './subjects/webhooks.ts'

export interface Maintenance {
  /**
   * Encrypts every shot, stored answer and deferred verification that is not under the current key; answers with the
   * number of shots.
   */
  resealTemplates(): Promise<number>
  /**
   * Writes durably and reads. Rejects when it cannot; with `store_sealed` when a template is under a key that is not
   * configured. Calls at the same moment share one look.
   */
  check(): Promise<void>
  /** Reads the whole database and names what is damaged, at most ten problems; none when it is sound. Takes a while. */
  integrityCheck(): Promise<string[]>
  close(): Promise<void>
}

/** Every username is non-empty, well-formed Unicode without NUL, else the call rejects with `invalid_username`. */
export interface Store
  extends
  UserStore,
  VerificationStore,
  PhotoStore,
  IdempotencyStore,
  DeferredStore,
  WebhookStore,
  ChallengeStore,
  AuditStore,
  LimitStore,
  FailureStore,
  SketchStore,
  ReviewStore,
  ErasureStore,
  Maintenance {
  readonly kind: string
}
