/** The page, and the size of what may be uploaded. */
import { Type } from '@sinclair/typebox'

export const uploadSettings = {
  TEST_PAGE: Type.Boolean({ default: true, description: 'false removes the page at /' }),
  MAX_CONTENT_LENGTH_MB: Type.Number({ default: 8, exclusiveMinimum: 0, description: 'largest request body, MiB' }),
  MAX_PHOTO_MB: Type.Number({ default: 8, exclusiveMinimum: 0, description: 'largest single photo, MiB' }),
  MAX_PHOTO_MEGAPIXELS: Type.Number({
    default: 50,
    exclusiveMinimum: 0,
    description: 'largest photo in megapixels, checked in the header before anything is decoded'
  })
}
