import type { components } from './schema.ts'

export type ErrorBody = components['schemas']['ErrorBody']

/** Stable machine codes; docs/errors.md has cause and remedy of each. */
export type ErrorCode = ErrorBody['error']

/** An answer other than success. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
  /** HTTP status. */
  readonly status: number
  /** Machine code; null when the answer did not come from the service, but from a proxy for example. */
  readonly code: ErrorCode | null
  readonly requestId: string | null
  /** Fields that the code adds: `field`, `tasks`, `rejected` and others. */
  readonly details: Partial<Omit<ErrorBody, 'status' | 'code' | 'error' | 'message' | 'requestId'>>

  constructor (status: number, body: Partial<ErrorBody> | null, requestId: string | null) {
    super(body?.message ?? `The service answered with HTTP status ${status} and no explanation.`)
    const { status: _status, code: _code, error = null, message: _message, requestId: id = requestId, ...details } = body ?? {}
    this.status = status
    this.code = error
    this.requestId = id
    this.details = details
  }
}
