import { type Static, Type } from '@sinclair/typebox'
import { Timestamp, Username } from './common.ts'

export const UserSummary = Type.Object({
  username: Type.String(),
  shots: Type.Integer(),
  createdAt: Timestamp,
  updatedAt: Timestamp
})

export const UserDetail = Type.Object({
  ...UserSummary.properties,
  model: Type.String({ description: 'id of the embedder that made the template, or its sha256 when it is not in force' }),
  reenrolRequired: Type.Boolean({ description: 'true when the template was made by another model' }),
  shotDates: Type.Array(Timestamp)
})

export const UserList = Type.Object({
  users: Type.Array(UserSummary),
  total: Type.Integer(),
  next: Type.Union([Type.String(), Type.Null()], { description: 'cursor of the next page, null at the end' })
})

export const ListQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ maxLength: 1024 }))
}, { additionalProperties: false })

export const UserParams = Type.Object({ username: Username })

export const UserErased = Type.Object({
  status: Type.Literal('deleted'),
  user: Type.String(),
  erased: Type.Object({ shots: Type.Integer(), verifications: Type.Integer() })
})

export type UserDetail = Static<typeof UserDetail>
