/** Codes: the file cannot be opened, it does not fit its manifest entry, or the hardware asked for is not there. */
export type ModelErrorCode = 'model_unreadable' | 'model_refused' | 'provider_unavailable'

/** Why the workers cannot start. Its class is lost on the way to the main thread, so the message also carries the code. */
export class ModelError extends Error {
  readonly code: ModelErrorCode

  constructor (code: ModelErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(`${code}: ${message}`, options)
    this.name = 'ModelError'
    this.code = code
  }
}
