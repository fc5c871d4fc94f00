/**
 * Start-time fair queueing (Goyal, Vin and Cheng 1996): whoever has been served least goes next, so that clients who
 * all have work waiting get equal shares, however much each of them sends. A client that was idle claims nothing for
 * that time.
 * Running work cannot be interrupted, so while others come and go that were served less, nobody takes the last worker.
 */

/** A client that sends one request after another is between two of them for no longer than this, milliseconds. */
const RECENT = 1000

export interface FairQueue {
  /**
   * Runs `work` when it is the client's turn.
   * @param cost what it takes, in any one unit, above 0
   * @param signal removes work that has not begun; the promise then rejects with its reason
   */
  run<T> (client: string, cost: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  active (): number
  waiting (): number
}

interface Waiting {
  cost: number
  begin: () => void
}

interface Client {
  /** Cost of all work begun before, from the start of the time that the queue was last empty. */
  served: number
  running: number
  waiting: Waiting[]
  /** When it last had work here, milliseconds. */
  seen: number
}

/**
 * @param concurrency pieces of work at a time
 * @param alone of them for one client, while there are others that were served less
 * @param clock milliseconds; another one only in tests
 */
export function createFairQueue (
  concurrency: number,
  alone = concurrency,
  clock: () => number = () => performance.now()
): FairQueue {
  const clients = new Map<string, Client>()
  let active = 0
  let now = 0

  const next = (): Client | undefined => {
    const time = clock()
    for (const [name, client] of clients) {
      if (client.running > 0 || client.waiting.length > 0) client.seen = time
      else if (client.served <= now && time - client.seen > RECENT) clients.delete(name)
    }
    const recent = clients
      .values()
      .filter(({ seen }) => time - seen <= RECENT)
      .toArray()
      .sort((a, b) => a.served - b.served)
    return recent.find(
      ({ waiting, running }, index) => waiting.length > 0 && running < (index === 0 ? concurrency : alone)
    )
  }

  const beginNext = (): void => {
    while (active < concurrency) {
      const client = next()
      const work = client?.waiting.shift()
      if (client === undefined || work === undefined) break
      now = client.served
      client.served += work.cost
      client.running++
      active++
      work.begin()
    }
    if (active > 0) return
    now = 0
    for (const client of clients.values()) client.served = 0
  }

  return {
    active: () => active,
    waiting: () => clients.values().reduce((sum, { waiting }) => sum + waiting.length, 0),

    run (client, cost, work, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const own = clients.get(client) ?? { served: 0, running: 0, waiting: [], seen: 0 }
      clients.set(client, own)
      if (own.waiting.length === 0) own.served = Math.max(own.served, now)
      const item = { cost, begin: resolve }
      const abort = (): void => {
        const at = own.waiting.indexOf(item)
        if (at < 0) return
        own.waiting.splice(at, 1)
        reject(signal!.reason)
      }
      own.waiting.push(item)
      signal?.addEventListener('abort', abort, { once: true })
      if (signal?.aborted === true) abort()
      beginNext()
      return promise
        .then(async () => {
          try {
            return await work()
          } finally {
            active--
            own.running--
            own.seen = clock()
            beginNext()
          }
        })
        .finally(() => signal?.removeEventListener('abort', abort))
    }
  }
}
