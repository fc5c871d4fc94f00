/** Reviews and appeals. */
import type { ErrorGuide } from './entry.ts'

export const reviewErrors = {
  not_appealable: {
    cause: 'The verification is approved, was appealed before, is being looked at, or the operator set `REVIEW=off`.',
    remedy: 'Wait for the decision: `GET /api/verifications/:id` shows it as `review`. Or take a new photo.',
    message: 'The verification is approved; only a rejected one can be appealed.'
  },
  teaching_conflict: {
    cause: 'A service does one teaching at a time, and the current one is not where this call expects it.',
    remedy: 'Ask `GET /api/teaching`; keep or discard what was taught before photos are added or another one begins.',
    message: 'Expected a teaching that is taught, found one that is collecting. GET /api/teaching tells how it stands; keep or discard it first.'
  },
  review_decided: {
    cause: 'Another reviewer decided first, or the review was open for longer than `REVIEW_DAYS`.',
    remedy: 'Load the review again; `decisions` shows who decided what. A decision is final.',
    message: 'The review 5b0c51b3 is decided, or its time is over. GET /api/reviews/5b0c51b3 shows how.'
  },
  second_reviewer_required: {
    cause: 'With `REVIEW_APPROVALS=2` the same key approved a review twice.',
    remedy: 'Let a reviewer with another key approve.',
    message: 'You have approved already; a reviewer with another key has to approve as well.'
  },
  photo_differs: {
    cause: 'An appeal was sent with another photo than the one that was rejected.',
    remedy: 'Send exactly the bytes of the rejected photo, or leave out the field `file`.',
    message:
      'The field file is another photo than the one that was rejected. Send exactly those bytes, or leave it out.'
  }
} satisfies Record<string, ErrorGuide>
