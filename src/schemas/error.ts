import { Type } from '@sinclair/typebox'
import { type ErrorCode, errorTable } from '../errors/errors.ts'
import { RejectedPhotoSchema } from './signup.ts'

/** The body of every error answer. Optional fields belong to some codes only. */
export const ErrorBodySchema = Type.Object(
  {
    status: Type.Literal('error'),
    code: Type.Integer({ description: 'HTTP status' }),
    error: Type.Unsafe<ErrorCode>({
      type: 'string',
      enum: Object.keys(errorTable),
      description: 'stable machine code'
    }),
    message: Type.String({ description: 'what was expected, what was found, what to do' }),
    requestId: Type.String({ description: 'also in the header x-request-id and on every log line' }),
    field: Type.Optional(Type.String({ description: 'the field that does not fit' })),
    scope: Type.Optional(Type.String({ description: 'the scope that the API key does not have' })),
    tasks: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), aliases: Type.Array(Type.String()) }), {
        description: 'the known tasks'
      })
    ),
    rejected: Type.Optional(Type.Array(RejectedPhotoSchema, { description: 'why each photo was turned down' }))
  },
  { additionalProperties: false }
)
