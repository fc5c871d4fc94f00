import type { IncomingHttpHeaders } from 'node:http'
import { Type } from '@sinclair/typebox'

export const PreferHeaderSchema = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: '`respond-async` (RFC 7240): answer 202 at once with the address of a job' })
  )
})

/** RFC 7240, section 4.1: one of a comma-separated list, perhaps with parameters. */
export function prefersAsync ({ prefer }: IncomingHttpHeaders): boolean {
  return [prefer ?? []]
    .flat()
    .some(text =>
      text.split(',').some(preference => preference.split(';')[0]!.trim().toLowerCase() === 'respond-async')
    )
}
