/** Teaching cannot be done as asked: one sentence that says what was expected, what was found and what to do. */
export class TeachingError extends Error {
  override readonly name = 'TeachingError'
  readonly code: string

  constructor (code: string, message: string) {
    super(message)
    this.code = code
  }
}
