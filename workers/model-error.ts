/** Codes: the file cannot be opened, it does not fit its manifest entry, or the hardware asked for is not there. */
export type ModelErrorCode = 'model_unreadable' | 'model_refused' | 'provider_unavailable'

/** Why a model cannot be used, in a whole sentence. */
export class ModelError extends Error {
  readonly code: ModelErrorCode

  constructor (code: ModelErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ModelError'
    this.code = code
  }
}
