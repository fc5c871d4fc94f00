import { Worker } from 'node:worker_threads'
import type { Taught, TaughtPhoto, TeachOptions } from '../teach.ts'

type Message = { done: number, of: number } | { taught: Taught }

/**
 * As `teach`, beside the thread that answers requests.
 * @param signal ends the thread
 */
export function teachInThread (
  photos: readonly TaughtPhoto[], { onStep, ...options }: TeachOptions, signal: AbortSignal
): Promise<Taught> {
  signal.throwIfAborted()
  // Nothing else of a photo goes to the thread; what reads its bytes could not.
  const plain = photos.map(({ file, class: kind, origin, numbers, mirrored }): TaughtPhoto => (
    { file, class: kind, origin, numbers, mirrored }
  ))
  const worker = new Worker(new URL('teach-thread.ts', import.meta.url), { workerData: { photos: plain, options } })
  const stop = () => { worker.terminate().catch(() => {}) }
  signal.addEventListener('abort', stop, { once: true })
  return new Promise<Taught>((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if ('taught' in message) resolve(message.taught)
      else onStep?.(message.done, message.of)
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(signal.aborted ? signal.reason : new Error('The teaching thread ended early')))
  }).finally(() => signal.removeEventListener('abort', stop))
}
