/** Requests of each caller, counted by all processes together. */

export interface RequestCount {
  count: number
  /** End of the window. */
  until: string
}

export interface LimitStore {
  /**
   * Counts one request in the window of its caller, or begins a new window until `until` when the last one is over.
   * Atomic among all processes. Unlike everything else here, a power cut may undo it.
   */
  countRequest (request: { id: string, now: string, until: string }): Promise<RequestCount>
  /** Removes windows that ended before a moment. */
  removeRequestCounts (before: string): Promise<void>
}
