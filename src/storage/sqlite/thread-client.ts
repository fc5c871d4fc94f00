/** The main thread's end of the store's thread: calls go out as messages, answers settle them. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StoreError } from '../store-error.ts'
import {
  type Answer,
  decodeError,
  decodeValue,
  type Opened,
  type ThreadSettings,
  withoutFunctions
} from './messages.ts'

export interface StoreThread {
  /** Names of the store's methods. */
  methods: string[]
  call (method: string, args: unknown[]): Promise<unknown>
}

interface Waiting {
  resolve (value: unknown): void
  reject (error: unknown): void
}

/** @throws {StoreError} when the store cannot be opened */
export async function startStoreThread (settings: ThreadSettings): Promise<StoreThread> {
  const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData: settings })
  const [opened] = await once(worker, 'message') as [Opened]
  if ('error' in opened) {
    await worker.terminate()
    throw decodeError(opened.error)
  }

  const waiting = new Map<number, Waiting>()
  let ended: StoreError | null = null
  let last = 0

  worker.on('message', ({ id, ...result }: Answer) => {
    const { resolve, reject } = waiting.get(id)!
    waiting.delete(id)
    // A process that has nothing else to do ends although the store is open.
    if (waiting.size === 0) worker.unref()
    if ('error' in result) reject(decodeError(result.error))
    else resolve(decodeValue(result.value))
  })
  const end = (error: StoreError): void => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  worker.on('error', error => end(new StoreError('store_unreachable',
    `the thread of the store failed (${error.message}): restart the service`, error)))
  worker.on('exit', () => end(new StoreError('store_unreachable', 'the store is closed')))
  worker.unref()

  return {
    methods: opened.methods,
    async call (method, args) {
      if (ended !== null) {
        if (method === 'close') return
        throw ended
      }
      const id = ++last
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      worker.postMessage({ id, method, args: args.map(withoutFunctions) })
      waiting.set(id, { resolve, reject })
      worker.ref()
      if (method !== 'close') return promise
      await promise
      ended ??= new StoreError('store_unreachable', 'the store is closed')
    }
  }
}
