/**
 * Pixels of photos, used again for later ones. Otherwise the pages of every photo would be fetched anew, and stay until
 * the garbage collectors of all threads that saw them have come by.
 */
import type { Run } from './run.ts'

/** Memory larger than this goes back to the system, bytes: a 16-megapixel photo. */
const KEPT_AT_MOST_BYTES = 48 * 2 ** 20

export interface FrameMemory {
  /**
   * Runs the jobs of one photo with memory reserved for its pixels; `release` waits for them, then keeps the memory for
   * another.
   */
  reserve(run: Run): { run: Run; release: () => Promise<void> }
}

export function createFrameMemory (): FrameMemory {
  const spare: SharedArrayBuffer[] = []
  return {
    reserve (run) {
      let memory = spare.pop()
      const jobs: Promise<unknown>[] = []
      return {
        async run (job, input) {
          const output = run(job, job === 'decode' ? { ...input, memory } : input)
          jobs.push(output)
          const done = await output
          if (done !== null && 'frame' in done && done.frame !== undefined) memory = done.frame.pixels
          return done
        },
        // A job may still read the pixels after another one failed, and a thread that was told to end may still write
        // them.
        async release () {
          const results = await Promise.allSettled(jobs)
          const ended = results.every(({ status }) => status === 'fulfilled')
          if (ended && memory !== undefined && memory.byteLength <= KEPT_AT_MOST_BYTES) spare.push(memory)
        }
      }
    }
  }
}
