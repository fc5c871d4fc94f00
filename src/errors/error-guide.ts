/**
 * What every machine code means and how to fix it: the source of docs/errors.md and of the examples in the OpenAPI
 * document. The types demand an entry for every code.
 */
import type { ErrorCode } from './errors.ts'
import { challengeErrors } from './guide/challenges.ts'
import { httpErrors } from './guide/http.ts'
import { photoErrors } from './guide/photos.ts'
import { requestErrors } from './guide/request.ts'
import { reviewErrors } from './guide/reviews.ts'
import { serviceErrors } from './guide/service.ts'
import { userErrors } from './guide/users.ts'
import type { ErrorGuide } from './guide/entry.ts'

export const errorGuide: Record<ErrorCode, ErrorGuide> = {
  ...requestErrors,
  ...photoErrors,
  ...challengeErrors,
  ...userErrors,
  ...reviewErrors,
  ...httpErrors,
  ...serviceErrors
}
