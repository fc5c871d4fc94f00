import { type Static, Type } from '@sinclair/typebox'
import { Timestamp, Username } from './common.ts'

export const UserSummarySchema = Type.Object({
  username: Type.String(),
  shots: Type.Integer(),
  createdAt: Timestamp,
  updatedAt: Timestamp
})

const anna = { username: 'anna', shots: 3, createdAt: '2026-05-04T09:30:00.000Z', updatedAt: '2026-05-04T09:31:12.000Z' }

export const UserDetailSchema = Type.Object({
  ...UserSummarySchema.properties,
  model: Type.String({ description: 'id of the embedder that made the template, or its sha256 when it is not in force' }),
  reenrolRequired: Type.Boolean({ description: 'true when the template was made by another model' }),
  shotDates: Type.Array(Timestamp)
}, {
  examples: [{ ...anna, model: 'fr_feature', reenrolRequired: false, shotDates: ['2026-05-04T09:30:00.000Z', '2026-05-04T09:30:00.000Z', '2026-05-04T09:31:12.000Z'] }]
})

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

export const UserErasedSchema = Type.Object({
  status: Type.Literal('deleted'),
  user: Type.String(),
  erased: Type.Object({
    shots: Type.Integer(),
    verifications: Type.Integer({ description: 'records whose personal fields were blanked' }),
    audit: Type.Integer({ description: 'audit rows whose personal fields were blanked' }),
    photos: Type.Integer()
  })
}, { examples: [{ status: 'deleted', user: 'anna', erased: { shots: 3, verifications: 12, audit: 15, photos: 0 } }] })

export type UserDetail = Static<typeof UserDetailSchema>
