import { Type } from '@sinclair/typebox'

export const BoxSchema = Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()], {
  description: 'x1, y1, x2, y2 in pixels of the upright photo'
})

export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })

/** A username as it arrives; `normalizeUsername` decides. */
export const Username = Type.String({
  minLength: 1,
  maxLength: 256,
  description: '1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC)'
})
