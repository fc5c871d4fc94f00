/**
 * Reviews: what a person decides because the machine cannot. The photo is kept, sealed, while a review is open, and
 * longer only for learning.
 */
import type { AuditEntry } from '../audit-chain.ts'
import type { Sealed, Sealer } from '../sealer.ts'
import type { Lease } from './deferred.ts'
import type { Settlement } from './idempotency.ts'
import type { Cursor, Part } from './page.ts'
import type { NewSketch } from './sketches.ts'

export const reviewReasons = [
  'liveness_uncertain',
  'recycled_photo',
  'demonstration',
  'possible_duplicate',
  'appeal'
] as const

export type ReviewReason = typeof reviewReasons[number]

/** `expired`: closed without a decision, so that the machine's verdict stays. */
export const reviewStates = ['open', 'approved', 'rejected', 'expired'] as const

export type ReviewState = typeof reviewStates[number]

export interface NewReview {
  /** A UUID. */
  id: string
  requestId: string
  username: string
  /** Id of the verification in question, and its task; null for a signup. */
  verification: string | null
  task: string | null
  reason: ReviewReason
  /** JSON of what a reviewer needs to see. */
  detail: string
  /** The photo in question; null: there is none. */
  photo: { bytes: Uint8Array, sha256: string } | null
  /** Stored with an approval, so that the approved photo is found when it comes again. */
  sketches: readonly NewSketch[]
  /** Where the decision is to be posted; null: nowhere. */
  webhook: string | null
  /** Name of the API key; null when none was needed. */
  key: string | null
  createdAt: string
  expiresAt: string
}

export interface ReviewDecision {
  decision: 'approve' | 'reject'
  note: string | null
  /** Name of the reviewer's API key. */
  key: string | null
  at: string
}

export interface StoredReview extends Omit<NewReview, 'photo' | 'sketches' | 'webhook'> {
  state: ReviewState
  /** sha256 of the photo; null: there never was one. */
  photo: string | null
  /** Whether the photo is still there. */
  hasPhoto: boolean
  /** The first decides, or the second where two must approve. */
  decisions: ReviewDecision[]
  decidedAt: string | null
}

export interface ReviewFilter {
  state?: ReviewState | undefined
  reason?: ReviewReason | undefined
  username?: string | undefined
}

export interface ReviewPage {
  reviews: StoredReview[]
  next: Cursor | null
}

/** `seconded`: another reviewer has to approve as well. */
export type ReviewOutcome = 'decided' | 'seconded' | 'closed' | 'same_reviewer' | 'missing'

export interface ReviewCounts {
  /** Open ones by reason; a reason without any is left out. */
  open: Partial<Record<ReviewReason, number>>
  /** When the oldest open one was created; null: none is open. */
  oldest: string | null
}

export interface LeasedReviewWebhook extends Lease {
  url: string
  review: StoredReview
}

export interface ReviewStore {
  /**
   * Asks for a review of a verification on its own account. `exists` when one is open, or the verification was appealed
   * before, also by a request at the same moment; `missing` when the user is not enrolled. Then nothing is written.
   */
  addReview(
    review: NewReview,
    options: { audit: AuditEntry; settle?: Settlement | undefined }
  ): Promise<'added' | 'exists' | 'missing'>
  findReview(id: string): Promise<StoredReview | null>
  /** The last review of a verification. */
  reviewOf(verification: string): Promise<StoredReview | null>
  /** @throws {StoreError} `store_sealed`, `store_corrupt`; null when the photo is gone */
  reviewPhoto(id: string): Promise<Uint8Array | null>
  /** Oldest first. */
  listReviews(filter: ReviewFilter, page: { limit: number; after?: Cursor | undefined }): Promise<ReviewPage>
  /**
   * Decides an open review, once, however many decide at a time. An approval takes `approvals` reviewers with
   * different keys, a rejection one. The decision becomes the status of the verification; the photo goes unless
   * `keepPhoto`, and the sketches go, into the search after an approval; the webhook is queued. The call rejects with
   * `SketchRaceError` when a photo of the same picture was approved meanwhile. The audit row has the new state in
   * `details.state`.
   */
  decideReview(
    id: string,
    decision: ReviewDecision,
    options: { approvals: number; audit: AuditEntry; keepPhoto?: boolean }
  ): Promise<ReviewOutcome>
  /** Closes open reviews whose time is over, and removes their photos; answers with their number. */
  expireReviews(now: string): Promise<number>
  /** Removes the photos of reviews that were decided before a moment; answers with their number. */
  removeReviewedPhotos(before: string): Promise<number>
  countReviews(): Promise<ReviewCounts>
  /** Oldest first. */
  reviewsOf(username: string, part?: Part): Promise<StoredReview[]>
  /** As the calls for the outcomes of deferred verifications. */
  leaseReviewWebhooks(limit: number): Promise<LeasedReviewWebhook[]>
  retryReviewWebhook(lease: Lease): Promise<void>
  endReviewWebhook(lease: Lease, audit: AuditEntry): Promise<boolean>
}

/** A row as it is stored; `body` is the sealed photo. */
export interface ReviewRow extends Omit<StoredReview, 'hasPhoto' | 'decisions'> {
  hasPhoto: boolean | number
  /** JSON. */
  decisions: string
}

export function toReview ({ hasPhoto, decisions, ...row }: ReviewRow): StoredReview {
  return { ...row, hasPhoto: Boolean(hasPhoto), decisions: JSON.parse(decisions) as ReviewDecision[] }
}

/** Cuts rows read with `limit + 1` to a page. */
export function toReviewPage (rows: readonly ReviewRow[], limit: number): ReviewPage {
  const reviews = rows.slice(0, limit).map(toReview)
  const last = reviews.at(-1)
  return {
    reviews,
    next: rows.length > limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null
  }
}

/** The columns of a new row. */
export function toNewRow ({ photo, sketches, ...review }: NewReview, sealer: Sealer) {
  const { bytes, keyId } =
    photo === null ? { bytes: null, keyId: null } : sealer.seal(photo.bytes, reviewContext(review.id))
  return { ...review, photo: photo?.sha256 ?? null, body: bytes, keyId, sketches: JSON.stringify(sketches.map(toText)) }
}

/** What a decision makes of a review. */
export function decided (
  { state, decisions }: Pick<StoredReview, 'state' | 'decisions'>, decision: ReviewDecision, approvals: number
): { outcome: Exclude<ReviewOutcome, 'missing'>, state: ReviewState, decisions: ReviewDecision[] } {
  if (state !== 'open') return { outcome: 'closed', state, decisions }
  const all = [...decisions, decision]
  if (decision.decision === 'reject') return { outcome: 'decided', state: 'rejected', decisions: all }
  if (decisions.some(({ key }) => key === decision.key)) return { outcome: 'same_reviewer', state, decisions }
  return all.length >= approvals
    ? { outcome: 'decided', state: 'approved', decisions: all }
    : { outcome: 'seconded', state: 'open', decisions: all }
}

/** The audit entry of a decision, with what became of the review. */
export function withState (audit: AuditEntry, state: ReviewState): AuditEntry {
  return { ...audit, details: { ...audit.details, state } }
}

/** A sealed photo opens for its own review only. */
export function reviewContext (id: string): string {
  return `review\0${id}`
}

export function openPhoto (
  id: string,
  row: { body: Uint8Array | null; keyId: string | null } | undefined,
  sealer: Sealer
): Uint8Array | null {
  if (row === undefined || row.body === null) return null
  return sealer.open({ keyId: row.keyId, bytes: row.body } satisfies Sealed, reviewContext(id))
}

function toText ({ bits, detail, ...sketch }: NewSketch) {
  return {
    ...sketch,
    bits: Buffer.from(bits).toString('base64'),
    ...(detail != null && { detail: Buffer.from(detail).toString('base64') })
  }
}

/** @param json of the column `sketches` */
export function toSketches (json: string): NewSketch[] {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
  return (JSON.parse(json) as ReturnType<typeof toText>[]).map(({ bits, detail, ...sketch }) => (
    { ...sketch, bits: bytes(bits), ...detail !== undefined && { detail: bytes(detail) } }))
}

/** The verdict that a decision gives a verification. */
export function statusOf (state: ReviewState): 'approved' | 'rejected' | null {
  return state === 'approved' || state === 'rejected' ? state : null
}
