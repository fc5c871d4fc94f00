import { Type } from '@sinclair/typebox'

export const IdempotencyHeaderSchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[!-~]{1,255}$',
      description:
        'a random text that names this request: sent again with the same key, it is not done again but answered alike, with the header `idempotency-replayed: true`'
    })
  )
})
