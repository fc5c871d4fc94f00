import { Type } from '@sinclair/typebox'
import { reviewStates } from '../storage/subjects/reviews.ts'

export const State = Type.Union(reviewStates.map(state => Type.Literal(state)), {
  description: '`expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays'
})

/** How a review stands, beside the verdict that it is about. */
export const ReviewStateSchema = Type.Object(
  { id: Type.String(), state: State },
  {
    description:
      'a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status'
  }
)
