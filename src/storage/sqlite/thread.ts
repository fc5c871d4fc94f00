/**
 * The thread in which SQLite runs: it opens the store, says which methods it has, and answers calls until it is closed.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { createSealer } from '../sealer.ts'
import { composeSqlite } from './compose.ts'
import { type Call, encodeError, encodeValue, type Result, type ThreadSettings } from './messages.ts'

const { folder, keys, policies } = workerData as ThreadSettings
const port = parentPort!

async function resultOf (work: () => Promise<unknown>): Promise<Result> {
  try {
    return { value: encodeValue(await work()) }
  } catch (error) {
    return { error: encodeError(error) }
  }
}

const opened = await resultOf(() =>
  composeSqlite(folder, createSealer(keys.current, keys.old, keys.acceptPlain), policies)
)
if ('error' in opened) {
  port.postMessage(opened)
} else {
  const store = opened.value as Record<string, (...args: unknown[]) => Promise<unknown>>
  port.postMessage({ methods: Object.keys(store) })
  port.on('message', async ({ id, method, args }: Call) => {
    port.postMessage({ id, ...await resultOf(() => store[method]!(...args)) })
    // Without a listener the thread ends.
    if (method === 'close') port.close()
  })
}
