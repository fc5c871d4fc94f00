import { type Static, Type } from '@sinclair/typebox'
import { Timestamp, Username } from './common.ts'
import { ReviewStateSchema } from './review-state.ts'

const Moment = Type.String({ format: 'date-time', maxLength: 64 })

export const VerificationQuerySchema = Type.Object({
  user: Type.Optional(Username),
  task: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'name of the task' })),
  status: Type.Optional(Type.Union([Type.Literal('approved'), Type.Literal('rejected')])),
  from: Type.Optional({ ...Moment, description: 'first moment, included' }),
  to: Type.Optional({ ...Moment, description: 'last moment, not included' }),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ maxLength: 1024 }))
})

const Box = Type.Unsafe<[number, number, number, number]>(
  Type.Array(Type.Number(), { minItems: 4, maxItems: 4, description: 'x1, y1, x2, y2 in pixels of the upright photo' })
)

export const EvidenceSchema = Type.Object(
  {
    photo: Type.Object({ width: Type.Integer(), height: Type.Integer(), turned: Type.Integer() }),
    face: Type.Union([
      Type.Object({
        box: Box, outcome: Type.String(), similarity: Type.Union([Type.Number(), Type.Null()])
      }),
      Type.Null()
    ], { description: 'the judged face' }),
    detections: Type.Array(
      Type.Object({ label: Type.String(), score: Type.Number(), box: Box }), { description: 'those that counted' }
    ),
    scene: Type.Optional(Type.Object({ name: Type.String(), score: Type.Number(), threshold: Type.Number() }))
  },
  {
    description:
      'where the judged face and what counted were on the photo; for callers who see scores, until the user is erased'
  }
)

const example = {
  id: '0b7f0a52-5c0e-4f0a-9b43-0d0c7a3f7a11',
  requestId: 'f4a1c7de-1f0f-4c57-8f5e-2a3d9f0f5f10',
  user: 'anna',
  task: 'waste',
  status: 'approved',
  reasons: [],
  similarity: 0.71,
  liveness_score: 0.98,
  photo: 'a'.repeat(64),
  models: ['fr_detect', 'fr_landmark', 'fr_feature', 'fr_liveness', 'yolov8n'],
  key: 'app',
  timestamp: '2026-05-04T10:02:41.000Z'
}

export const VerificationSchema = Type.Object(
  {
    id: Type.String(),
    requestId: Type.String(),
    user: Type.Union([Type.String(), Type.Null()], { description: 'null once the user is erased' }),
    task: Type.String(),
    status: Type.Union([Type.Literal('approved'), Type.Literal('rejected')]),
    reasons: Type.Array(Type.String()),
    similarity: Type.Union([Type.Number(), Type.Null()]),
    liveness_score: Type.Union([Type.Number(), Type.Null()]),
    photo: Type.Union([Type.String(), Type.Null()], {
      description: 'sha256 of the proof; null once the user is erased'
    }),
    photo_url: Type.Optional(
      Type.String({ description: 'address of the kept proof, for a key that may fetch it (scope admin)' })
    ),
    models: Type.Array(Type.String()),
    evidence: Type.Optional(EvidenceSchema),
    key: Type.Union([Type.String(), Type.Null()], { description: 'name of the API key' }),
    timestamp: Timestamp,
    review: Type.Optional(ReviewStateSchema)
  },
  { examples: [example] }
)

export const VerificationListSchema = Type.Object({
  verifications: Type.Array(VerificationSchema, { description: 'newest first' }),
  next: Type.Union([Type.String(), Type.Null()], { description: 'cursor of the next page, null at the end' })
}, { examples: [{ verifications: [example], next: null }] })

export const VerificationParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) })

export type Verification = Static<typeof VerificationSchema>
