/**
 * Errors that the person at the keyboard can correct: their message is a whole sentence, and a stack would only hide
 * it.
 */
const expected = [
  'ConfigError',
  'ConvertError',
  'InstallError',
  'ModelError',
  'StartError',
  'StoreError',
  'TeachingError',
  'UsageError'
]

/** Known by name, since the classes belong to folders that know nothing of each other. */
export function isExpected (error: unknown): error is Error {
  return error instanceof Error && expected.includes(error.name)
}
