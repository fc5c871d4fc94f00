/** Why a model file was refused. The message is one sentence that says what was expected and what was found. */

export type ConvertErrorCode =
  | 'unreadable_file'
  | 'too_large'
  | 'malformed_zip'
  | 'malformed_pickle'
  | 'refused_global'
  | 'malformed_checkpoint'
  | 'malformed_onnx'
  | 'missing_external_data'
  | 'unsupported_model'
  | 'target_exists'
  | 'no_photos'

export class ConvertError extends Error {
  readonly code: ConvertErrorCode

  constructor (code: ConvertErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ConvertError'
    this.code = code
  }
}
