/**
 * A bound on the resident memory of the process. Most of it is native (onnxruntime, sharp) and counts to no JavaScript
 * heap; it comes back when the thread that allocated it ends. So beyond the limit the workers are replaced.
 */

/** Should replacing not help, it must not become all that the workers do. Milliseconds. */
const PAUSE_MS = 10 * 60_000

const MIB = 2 ** 20

export interface MemoryReplacement {
  limitMb: number
  beforeMb: number
  afterMb: number
}

export interface MemoryLimit {
  /** MiB of resident memory of the whole process; 0: none. */
  limitMb: number
  /** Resident memory in bytes; another measure only in tests. */
  rss?: () => number
  /** Called when every worker has been replaced. */
  onReplaced?: (replacement: MemoryReplacement) => void
}

/** @returns a check to be called after work, which starts `replaceWorkers` when it is time and does not wait for it */
export function memoryGuard (
  { limitMb, rss = process.memoryUsage.rss, onReplaced }: MemoryLimit,
  replaceWorkers: () => Promise<void>
): () => void {
  if (limitMb === 0) return () => {}
  let notBefore = 0
  return () => {
    const now = Date.now()
    const before = rss()
    if (now < notBefore || before <= limitMb * MIB) return
    notBefore = Infinity
    replaceWorkers().then(
      () => {
        notBefore = Date.now() + PAUSE_MS
        onReplaced?.({ limitMb, beforeMb: Math.round(before / MIB), afterMb: Math.round(rss() / MIB) })
      },
      () => {
        notBefore = Date.now() + PAUSE_MS
      }
    )
  }
}
