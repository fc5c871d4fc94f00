/** Whose turn it is in the fair queue: the rule alone, without work and without time of its own. */

/** A client that sends one request after another is between two of them for no longer than this, milliseconds. */
const RECENT_MS = 1000

/** The same for one that asks again as soon as it has its answer: whoever was served more leaves it its turn. */
const BETWEEN_MS = 100

/** Where work takes longer than that, its client may take as long to come again; but no longer than this. */
const PATIENCE_MS = 5000

/** Work that takes longer, in milliseconds, than any photo of 16 megapixels from a camera. */
const LONG_MS = 250

/** Long work counts more than its time: while it runs, the others have a worker less and little memory bandwidth. */
const LONG_FACTOR = 1.5

export interface Waiting {
  /** What it will be charged, milliseconds; see `charged`. */
  cost: number
  begin: () => void
}

export interface Client {
  /** What all work begun before was charged, from the start of the time that the queue was last empty. */
  served: number
  running: number
  waiting: Waiting[]
  /** When it last had work here, milliseconds. */
  seen: number
  /** Its last work: when it ended, how long it had been here, and what it was charged, milliseconds. */
  last: { ended: number, stayed: number, charged: number }
}

export interface Slots {
  /** Pieces of work at a time. */
  all: number
  /** Of them for one client, while there are others that were served less. */
  alone: number
}

/** @param took milliseconds of a worker */
export function charged (took: number): number {
  return took > LONG_MS ? took * LONG_FACTOR : took
}

/**
 * The client whose first waiting work begins now; undefined when none may.
 * @param recent clients that are here, the one that was served least first
 * @param time milliseconds, on the clock of `seen`
 */
export function whoseTurn (recent: readonly Client[], { all, alone }: Slots, time: number): Client | undefined {
  return recent.find((client, index) => {
    const [first] = client.waiting
    if (first === undefined) return false
    const long = first.cost > LONG_MS
    const slots = index > 0 || (long && recent.length > 1) ? alone : all
    return client.running < slots && !(long && isAhead(client, recent, time))
  })
}

/** Whether the client has work here, or had some no longer ago than it may be between two requests. */
export function isRecent (client: Client, time: number): boolean {
  return isHere(client, RECENT_MS, time)
}

function isHere ({ seen, last: { stayed } }: Client, between: number, time: number): boolean {
  return time - seen <= Math.min(Math.max(between, stayed), PATIENCE_MS)
}

/**
 * Whether another client was served less, and has work or will soon have. One worker makes up for what was charged in
 * the same time, so that nobody waits longer than that for others that do not use it.
 */
function isAhead (client: Client, recent: readonly Client[], time: number): boolean {
  const least = recent.find(other => other !== client && isHere(other, BETWEEN_MS, time))
  return least !== undefined && least.served < client.served && time - client.last.ended < client.last.charged
}
