/** A position in a list that is ordered by time: the last one that was seen. */
export interface Cursor {
  createdAt: string
  /** Id or name, for those of the same moment. */
  id: string
}

/** A part of a list, oldest first; without a limit all of it. */
export interface Part {
  limit?: number
  after?: Cursor | undefined
}
