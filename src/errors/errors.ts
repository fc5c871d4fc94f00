/**
 * Every deliberate error of the service: one table of code and HTTP status, one class. Messages are sentences for
 * people.
 */

export const errorTable = {
  invalid_request: 400,
  invalid_username: 400,
  missing_field: 400,
  repeated_field: 400,
  unexpected_field: 400,
  too_many_photos: 400,
  malformed_upload: 400,
  too_few_frames: 400,
  webhook_refused: 400,
  unauthorized: 401,
  forbidden: 403,
  user_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  challenge_not_found: 404,
  upload_too_slow: 408,
  identity_conflict: 409,
  username_taken: 409,
  person_already_enrolled: 409,
  reenrol_required: 409,
  anchor_shot: 409,
  replayed_photo: 409,
  challenge_used: 409,
  challenge_not_passed: 409,
  idempotency_in_progress: 409,
  not_appealable: 409,
  teaching_conflict: 409,
  review_decided: 409,
  second_reviewer_required: 409,
  challenge_expired: 410,
  body_too_large: 413,
  photo_too_large: 413,
  too_many_pixels: 413,
  address_too_long: 414,
  unsupported_media_type: 415,
  unsupported_image_type: 415,
  unreadable_image: 422,
  no_usable_face: 422,
  frame_sizes_differ: 422,
  unknown_task: 422,
  photo_differs: 422,
  idempotency_mismatch: 422,
  headers_too_large: 431,
  client_gone: 499,
  rate_limited: 429,
  inference_failed: 500,
  internal_error: 500,
  challenges_unavailable: 501,
  unreachable: 502,
  overloaded: 503,
  task_unavailable: 503,
  shutting_down: 503,
  store_unavailable: 503,
  store_sealed: 503,
  store_corrupt: 503,
  timed_out: 503
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof errorTable

export interface ErrorExtras {
  /** Fields added to the error's JSON body, for example the known tasks. */
  details?: Record<string, unknown>
  /** Response headers, for example `retry-after`. */
  headers?: Record<string, string>
  cause?: unknown
}

/** An error that a client may see. `statusCode` is the name Fastify reads. */
export class ServiceError extends Error {
  readonly code: ErrorCode
  readonly statusCode: number
  readonly details: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor (code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, { cause: extras.cause })
    this.name = 'ServiceError'
    this.code = code
    this.statusCode = errorTable[code]
    this.details = extras.details ?? {}
    this.headers = extras.headers ?? {}
  }
}

/** The one shape in which every error leaves the service. */
export function errorBody (error: ServiceError, requestId?: string) {
  return {
    status: 'error' as const,
    code: error.statusCode,
    error: error.code,
    message: error.message,
    requestId,
    ...error.details
  }
}
