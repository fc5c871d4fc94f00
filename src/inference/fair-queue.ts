/**
 * Start-time fair queueing (Goyal, Vin and Cheng 1996): the client that was served least goes next. Clients with
 * waiting work get equal shares, however much each of them sends. A client that was idle claims nothing for
 * that time. What work takes is estimated when it begins, and corrected by what was measured when it ends.
 * Running work cannot be interrupted. So while others come and go, nobody who was served more takes the last worker,
 * and long work leaves a worker free and waits until the others have been served as much (turns.ts).
 */
import { charged, type Client, isRecent, type Slots, whoseTurn } from './turns.ts'

/** How often work that waits for others to be served as much is looked at when nothing else happens, milliseconds. */
const LOOK_MS = 20

export interface FairQueue {
  /**
   * Runs `work` when it is the client's turn.
   * @param cost what it will probably take of a worker, milliseconds, above 0
   * @param work may call `charge` with what it took instead, milliseconds
   * @param signal removes work that has not begun; the promise then rejects with its reason
   */
  run<T> (
    client: string,
    cost: number,
    work: (charge: (took: number) => void) => Promise<T>,
    signal?: AbortSignal
  ): Promise<T>
  active (): number
  waiting (): number
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
  const slots: Slots = { all: concurrency, alone }
  const clients = new Map<string, Client>()
  let active = 0
  let now = 0

  const waiting = (): number => clients.values().reduce((sum, { waiting }) => sum + waiting.length, 0)

  /** Those that were here a moment ago, the one that was served least first; forgets the others. */
  const recentClients = (time: number): Client[] => {
    for (const [name, client] of clients) {
      if (client.running > 0 || client.waiting.length > 0) client.seen = time
      else if (client.served <= now && !isRecent(client, time)) clients.delete(name)
    }
    return clients.values().filter(client => isRecent(client, time)).toArray().sort((a, b) => a.served - b.served)
  }

  const beginNext = (): void => {
    const time = clock()
    while (active < concurrency) {
      const client = whoseTurn(recentClients(time), slots, time)
      const work = client?.waiting.shift()
      if (client === undefined || work === undefined) break
      now = client.served
      client.served += work.cost
      client.running++
      active++
      work.begin()
    }
    if (active < concurrency && waiting() > 0) lookAgain()
    if (active > 0 || waiting() > 0) return
    now = 0
    for (const client of clients.values()) client.served = 0
  }

  // What is held back for others begins without an event when they stay away.
  const lookAgain = later(beginNext)

  const clientOf = (name: string): Client => {
    const client = clients.get(name) ??
      { served: 0, running: 0, waiting: [], seen: 0, last: { ended: -Infinity, stayed: 0, charged: 0 } }
    clients.set(name, client)
    return client
  }

  return {
    active: () => active,
    waiting,

    async run (name, cost, work, signal) {
      const came = clock()
      const client = clientOf(name)
      if (client.waiting.length === 0) client.served = Math.max(client.served, now)
      let charge = charged(cost)
      await untilBegun(client, charge, beginNext, signal)
      try {
        return await work(took => {
          client.served += charged(took) - charge
          charge = charged(took)
        })
      } finally {
        const ended = clock()
        active--
        client.running--
        client.seen = ended
        client.last = { ended, stayed: ended - came, charged: charge }
        beginNext()
      }
    }
  }
}

/** Puts work of that cost into the client's line; rejects with the signal's reason when it is aborted before. */
async function untilBegun (client: Client, cost: number, beginNext: () => void, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const item = { cost, begin: resolve }
  const abort = (): void => {
    const at = client.waiting.indexOf(item)
    if (at < 0) return
    client.waiting.splice(at, 1)
    reject(signal!.reason)
  }
  client.waiting.push(item)
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted === true) abort()
  beginNext()
  try {
    await promise
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** @returns calls `check` in a moment, once for all calls until then */
function later (check: () => void): () => void {
  let timer: NodeJS.Timeout | null = null
  return () => {
    timer ??= setTimeout(() => {
      timer = null
      check()
    }, LOOK_MS)
  }
}
