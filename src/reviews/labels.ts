/** What people decided, beside what the machine had said: the labels for agreement and thresholds. */
import type { FailureReason } from '../schemas/verdict.ts'
import type { Store, StoredReview } from '../storage/store.ts'

export interface ReviewLabel {
  review: string
  username: string
  verification: string | null
  task: string | null
  reason: StoredReview['reason']
  machine: 'approved' | 'rejected'
  person: 'approved' | 'rejected'
  /** sha256 of the photo, and whether the review still has it. */
  photo: string | null
  hasPhoto: boolean
  /** What the machine found wrong. */
  reasons: FailureReason[]
  /** Liveness score of the photo, 0..1; null: none was taken. */
  liveness: number | null
}

const PAGE = 200

/** Every review of a verification that a person decided, oldest first. */
export async function * reviewLabels (store: Pick<Store, 'listReviews'>): AsyncGenerator<ReviewLabel> {
  let after: Parameters<Store['listReviews']>[1]['after']
  do {
    const { reviews, next } = await store.listReviews({}, { limit: PAGE, after })
    yield * reviews.flatMap(toLabel)
    after = next ?? undefined
  } while (after !== undefined)
}

function toLabel ({ id, detail, state, ...review }: StoredReview): ReviewLabel[] {
  const { username, verification, task, reason, photo, hasPhoto } = review
  if (verification === null || (state !== 'approved' && state !== 'rejected')) return []
  const { status, reasons, liveness_score: liveness = null } = JSON.parse(detail) as {
    status: ReviewLabel['machine']
    reasons: FailureReason[]
    liveness_score?: number | null
  }
  return [{
    review: id,
    username,
    verification,
    task,
    reason,
    photo,
    hasPhoto,
    reasons,
    machine: status,
    person: state,
    liveness
  }]
}
