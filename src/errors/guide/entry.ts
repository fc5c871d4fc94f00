/** The explanation of one code. */
export interface Guide {
  cause: string
  remedy: string
}

export interface ErrorGuide extends Guide {
  /** A message as the service sends it. */
  message: string
  /** An example of the fields that this code adds to the body. */
  details?: Record<string, unknown>
  /** True when the answer has the header `retry-after`. */
  retryAfter?: boolean
}
