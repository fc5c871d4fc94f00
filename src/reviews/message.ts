/** The message of a webhook about a decided review. */
import type { StoredReview } from '../storage/store.ts'

export interface ReviewMessage {
  type: 'verification.reviewed' | 'signup.reviewed'
  /** When it was decided. */
  timestamp: string
  data: {
    review: { id: string, state: string }
    user: string
    /** Null for a signup. */
    verification: string | null
    task: string | null
    /** The final status of the verification; null for a signup. */
    status: 'approved' | 'rejected' | null
  }
}

/** The note stays with the service: it is meant for reviewers. */
export function reviewMessage ({
  id,
  state,
  username,
  verification,
  task,
  decidedAt,
  createdAt
}: StoredReview): ReviewMessage {
  const status = state === 'approved' || state === 'rejected' ? state : null
  return {
    type: verification === null ? 'signup.reviewed' : 'verification.reviewed',
    timestamp: decidedAt ?? createdAt,
    data: { review: { id, state }, user: username, verification, task, status: verification === null ? null : status }
  }
}
