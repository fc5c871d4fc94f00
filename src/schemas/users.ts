import { type Static, Type } from '@sinclair/typebox'
import { Timestamp, Username } from './common.ts'
import { EvidenceSchema } from './verifications.ts'

export const UserSummarySchema = Type.Object({
  username: Type.String(),
  shots: Type.Integer(),
  createdAt: Timestamp,
  updatedAt: Timestamp
})

const anna = {
  username: 'anna',
  shots: 3,
  createdAt: '2026-05-04T09:30:00.000Z',
  updatedAt: '2026-05-04T09:31:12.000Z'
}

export const UserDetailSchema = Type.Object(
  {
    ...UserSummarySchema.properties,
    model: Type.String({
      description: 'id of the embedder that made the template, or its sha256 when it is not in use'
    }),
    reenrolRequired: Type.Boolean({ description: 'true when the template was made by another model' }),
    shotDates: Type.Array(Timestamp),
    shotList: Type.Array(
      Type.Object({
        id: Type.String({ description: 'sha256 of the photo' }),
        createdAt: Timestamp,
        anchor: Type.Boolean({ description: 'true for a shot of the first enrolment, which cannot be removed alone' }),
        agreement: Type.Union([Type.Number(), Type.Null()], {
          description:
            'greatest similarity to another shot of the template, -1..1; null for the only one, and for a caller that may not see scores'
        })
      }),
      { description: 'oldest first' }
    ),
    possible_duplicates: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'other users with the same face; null: none was looked for (`DUPLICATE_PERSON=off`, or a template of another model)'
    }),
    duplicates: Type.Optional(
      Type.Array(Type.String(), { description: 'their names, with `IDENTIFY=true` and the scope identify' })
    )
  },
  {
    examples: [
      {
        ...anna,
        shots: 2,
        model: 'fr_feature',
        reenrolRequired: false,
        shotDates: ['2026-05-04T09:30:00.000Z', '2026-05-04T09:31:12.000Z'],
        shotList: [
          { id: 'b'.repeat(64), createdAt: '2026-05-04T09:30:00.000Z', anchor: true, agreement: 0.72 },
          { id: 'c'.repeat(64), createdAt: '2026-05-04T09:31:12.000Z', anchor: false, agreement: 0.72 }
        ],
        possible_duplicates: 0
      }
    ]
  }
)

export const UserListSchema = Type.Object({
  users: Type.Array(UserSummarySchema),
  total: Type.Integer(),
  next: Type.Union([Type.String(), Type.Null()], { description: 'cursor of the next page, null at the end' })
}, { examples: [{ users: [anna], total: 1, next: null }] })

export const ListQuerySchema = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ maxLength: 1024 }))
}, { additionalProperties: false })

export const UserParamsSchema = Type.Object({ username: Username })

export const ShotParamsSchema = Type.Object({
  username: Username,
  id: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'sha256 of the photo' })
})

export const ShotRemovedSchema = Type.Object({
  status: Type.Literal('removed'),
  user: Type.String(),
  shots: Type.Integer({ description: 'shots that the template still has' })
}, { examples: [{ status: 'removed', user: 'anna', shots: 2 }] })

export const UserErasedSchema = Type.Object(
  {
    status: Type.Literal('deleted'),
    user: Type.String(),
    erased: Type.Object({
      shots: Type.Integer(),
      verifications: Type.Integer({ description: 'records whose personal fields were blanked' }),
      audit: Type.Integer({ description: 'audit rows whose personal fields were blanked' }),
      photos: Type.Integer(),
      jobs: Type.Integer({ description: 'waiting and ended jobs, with their photos and outcomes' }),
      answers: Type.Integer({ description: 'answers kept for requests with an Idempotency-Key' }),
      challenges: Type.Integer(),
      reviews: Type.Integer({ description: 'with their photos' })
    }),
    pending: Type.Array(
      Type.Union([Type.Literal('write_ahead_log'), Type.Literal('free_pages'), Type.Literal('photo_files')]),
      {
        description:
          'where bytes may still lie in files, although nothing returns them any more; the service removes them and tries again until it is done. Empty: nothing is left'
      }
    )
  },
  {
    examples: [
      {
        status: 'deleted',
        user: 'anna',
        erased: { shots: 3, verifications: 12, audit: 15, photos: 0, jobs: 1, answers: 2, challenges: 1, reviews: 0 },
        pending: []
      }
    ]
  }
)

export const PhotoParamsSchema = Type.Object({ username: Username, name: Type.String({ pattern: '^[0-9a-f]{32}$' }) })

const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableNumber = Type.Union([Type.Number(), Type.Null()])

export const UserExportSchema = Type.Object(
  {
    user: Type.Object({
      username: Type.String(),
      createdAt: Timestamp,
      updatedAt: Timestamp,
      contract: Type.Object({ model: Type.String(), preprocessing: Type.String(), dimension: Type.Integer() }),
      consent: NullableText,
      shots: Type.Array(
        Type.Object({
          sha256: Type.String(),
          createdAt: Timestamp,
          anchor: Type.Optional(Type.Boolean({ description: 'true for those of the first enrolment' })),
          embedding: Type.Array(Type.Number(), {
            description: 'empty, as all scores are null, for a caller that may not see scores'
          })
        })
      )
    }),
    verifications: Type.Array(
      Type.Object({
        id: Type.String(),
        requestId: Type.String(),
        username: NullableText,
        task: Type.String(),
        status: Type.String(),
        reasons: Type.Array(Type.String()),
        similarity: NullableNumber,
        livenessScore: NullableNumber,
        evidence: Type.Union([EvidenceSchema, Type.Null()]),
        photo: NullableText,
        models: Type.Array(Type.String()),
        key: NullableText,
        createdAt: Timestamp
      })
    ),
    photos: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String(),
        sha256: Type.String(),
        verification: NullableText,
        createdAt: Timestamp,
        url: Type.String()
      })
    ),
    jobs: Type.Array(
      Type.Object({
        id: Type.String(),
        task: Type.String(),
        status: Type.String(),
        createdAt: Timestamp,
        requestId: Type.String(),
        key: NullableText,
        photo: Type.Union([Type.String(), Type.Null()], { description: 'sha256 of the photo while it waits' }),
        outcome: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], {
          description: 'the verdict or the error'
        }),
        webhook: Type.Union([Type.Object({ status: Type.String(), attempts: Type.Integer() }), Type.Null()])
      }),
      { description: 'verifications with `Prefer: respond-async`' }
    ),
    answers: Type.Array(
      Type.Object({
        createdAt: Timestamp,
        status: Type.Union([Type.Integer(), Type.Null()]),
        body: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()])
      }),
      { description: 'answers kept for requests with an Idempotency-Key' }
    ),
    challenges: Type.Array(
      Type.Object({
        id: Type.String(),
        requestId: Type.String(),
        key: NullableText,
        steps: Type.Array(Type.String()),
        status: Type.String(),
        reasons: Type.Array(Type.String()),
        checks: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()]),
        createdAt: Timestamp,
        expiresAt: Timestamp,
        judgedAt: Type.Union([Timestamp, Type.Null()])
      })
    ),
    reviews: Type.Array(
      Type.Object({
        id: Type.String(),
        requestId: Type.String(),
        verification: NullableText,
        task: NullableText,
        reason: Type.String(),
        state: Type.String(),
        photo: NullableText,
        hasPhoto: Type.Boolean(),
        key: NullableText,
        createdAt: Timestamp,
        expiresAt: Timestamp,
        decidedAt: Type.Union([Timestamp, Type.Null()]),
        decisions: Type.Array(
          Type.Object({ decision: Type.String(), note: NullableText, key: NullableText, at: Timestamp })
        ),
        detail: Type.Object({}, { additionalProperties: true }),
        url: Type.Optional(Type.String({ description: 'address of the photo, while the review is open' }))
      }),
      { description: 'what a person looks at, or has decided' }
    ),
    failures: Type.Array(Timestamp, {
      description: 'attempts on the face that failed and may still count towards the lock'
    }),
    audit: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        at: Type.String(),
        event: Type.String(),
        requestId: Type.String(),
        key: NullableText,
        details: Type.Object({}, { additionalProperties: true }),
        photos: Type.Array(Type.String()),
        consent: NullableText
      })
    )
  },
  {
    examples: [
      {
        user: {
          username: 'anna',
          createdAt: '2026-05-04T09:30:00.000Z',
          updatedAt: '2026-05-04T09:30:00.000Z',
          contract: { model: '8'.repeat(64), preprocessing: 'arcface-112/bgr/127/128/1', dimension: 4 },
          consent: 'form 17',
          shots: [{ sha256: 'b'.repeat(64), createdAt: '2026-05-04T09:30:00.000Z', embedding: [0.5, -0.5, 0.5, 0.5] }]
        },
        verifications: [],
        photos: [],
        jobs: [],
        answers: [],
        challenges: [],
        reviews: [],
        failures: [],
        audit: [
          {
            seq: 1,
            at: '2026-05-04T09:30:00.000Z',
            event: 'signup',
            requestId: 'f4a1c7de-1f0f-4c57-8f5e-2a3d9f0f5f10',
            key: 'app',
            details: { mode: 'add', shots: 1, rejected: [], models: ['fr_feature'] },
            photos: ['b'.repeat(64)],
            consent: 'form 17'
          }
        ]
      }
    ]
  }
)

export type UserDetail = Static<typeof UserDetailSchema>
