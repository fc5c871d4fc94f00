import { ServiceError } from '../errors/errors.ts'

const allowed = /^[\p{L}\p{M}\p{N} ._@+-]{1,64}$/u
const meaningful = /[\p{L}\p{N}]/u

/**
 * The one form in which a username is stored and compared: trimmed, Unicode NFC. Letters differ by case.
 * @throws {ServiceError} `invalid_username`
 */
export function normalizeUsername (text: string): string {
  const name = text.normalize('NFC').trim()
  // A name of dots alone could not be addressed in a URL path.
  if (allowed.test(name) && meaningful.test(name)) return name
  throw new ServiceError('invalid_username', 'The field username must have 1 to 64 letters or digits of any script, or any of " ._@+-", with at least one letter or digit.')
}
