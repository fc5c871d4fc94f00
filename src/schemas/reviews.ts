import { type Static, Type } from '@sinclair/typebox'
import { reviewReasons, reviewStates } from '../storage/subjects/reviews.ts'
import { Timestamp, Username } from './common.ts'
import { ReviewStateSchema, State } from './review-state.ts'
import { PhotoFile } from './upload.ts'
import { ChecksSchema } from './verdict.ts'

const Reason = Type.Union(reviewReasons.map(reason => Type.Literal(reason)))
const Decision = Type.Union([Type.Literal('approve'), Type.Literal('reject')])
const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableNumber = Type.Union([Type.Number(), Type.Null()])

export const ReviewQuerySchema = Type.Object({
  state: Type.Optional(State),
  reason: Type.Optional(Reason),
  user: Type.Optional(Username),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ maxLength: 1024 }))
})

export const ReviewParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

const review = {
  id: Type.String(),
  state: State,
  reason: Reason,
  user: Type.String(),
  verification: Type.Union([Type.String(), Type.Null()], { description: 'null for a signup' }),
  task: NullableText,
  key: Type.Union([Type.String(), Type.Null()], { description: 'name of the API key that sent the photo' }),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  decidedAt: Type.Union([Timestamp, Type.Null()]),
  decisions: Type.Array(
    Type.Object({
      decision: Decision,
      note: NullableText,
      key: Type.Union([Type.String(), Type.Null()], { description: "name of the reviewer's API key" }),
      at: Timestamp
    }),
    { description: 'an approval may need two, see `REVIEW_APPROVALS`' }
  )
}

export const ReviewSummarySchema = Type.Object(review)

export const ReviewSchema = Type.Object({
  ...review,
  machine: Type.Object(
    {
      status: Type.Optional(Type.String()),
      reasons: Type.Optional(Type.Array(Type.String())),
      similarity: Type.Optional(NullableNumber),
      liveness_score: Type.Optional(NullableNumber),
      checks: Type.Optional(ChecksSchema),
      photo: Type.Optional(Type.Object({ width: Type.Integer(), height: Type.Integer(), turned: Type.Integer() }))
    },
    { description: 'what the machine said of the photo; it stays whatever a person decides' }
  ),
  statement: Type.Optional(
    Type.Union([Type.String(), Type.Null()], { description: 'what the user wrote in an appeal' })
  ),
  possible_duplicates: Type.Optional(Type.Integer({ description: 'of a signup: other users with the same face, now' })),
  duplicates: Type.Optional(
    Type.Array(Type.Object({ user: Type.String(), similarity: NullableNumber }), {
      description: 'who they are, the most similar first; with `IDENTIFY=true` for a key with the scope `identify`'
    })
  ),
  links: Type.Object({
    photo: Type.Optional(Type.String({ description: 'address of the photo as it was sent, while the review is open' })),
    evidence: Type.Optional(
      Type.String({ description: "address of an SVG of the upright photo's size with faces and detections" })
    ),
    verification: Type.Optional(Type.String())
  })
})

const example = {
  id: '5b0c51b3-4a0f-4a35-8c5b-4a1f2d7c9e10',
  state: 'open' as const,
  reason: 'liveness_uncertain' as const,
  user: 'anna',
  verification: '7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11',
  task: 'waste',
  key: 'app',
  createdAt: '2026-05-04T09:32:40.000Z',
  expiresAt: '2026-05-18T09:32:40.000Z',
  decidedAt: null,
  decisions: []
}

export const ReviewAnswerSchema = Type.Object(ReviewSchema.properties, {
  examples: [{
    ...example,
    machine: { status: 'rejected', reasons: ['liveness_uncertain'], similarity: 0.72, liveness_score: 0.4 },
    links: { photo: `/api/reviews/${example.id}/photo`, verification: `/api/verifications/${example.verification}` }
  }]
})

export const ReviewListSchema = Type.Object({
  reviews: Type.Array(ReviewSummarySchema, { description: 'oldest first' }),
  next: Type.Union([Type.String(), Type.Null()], { description: 'cursor of the next page, null at the end' })
}, { examples: [{ reviews: [example], next: null }] })

export const DecisionSchema = Type.Object({
  decision: Decision,
  note: Type.Optional(Type.String({ maxLength: 2000, description: 'why; part of what is stored about the user' }))
}, { additionalProperties: false })

export const DecidedSchema = Type.Object(
  {
    id: Type.String(),
    state: Type.Union(
      reviewStates.map(state => Type.Literal(state)),
      { description: '`open`: another reviewer has to approve as well' }
    )
  },
  { examples: [{ id: example.id, state: 'approved' }] }
)

export const AppealFormSchema = Type.Object({
  statement: Type.Optional(
    Type.String({ maxLength: 2000, description: "why the rejection is wrong, in the user's words" })
  ),
  file: Type.Optional(PhotoFile)
})

export const AppealAnswerSchema = Type.Object(
  { review: ReviewStateSchema },
  { examples: [{ review: { id: example.id, state: 'open' } }] }
)

export type Review = Static<typeof ReviewAnswerSchema>
export type ReviewSummary = Static<typeof ReviewSummarySchema>
