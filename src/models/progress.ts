import { SingleBar } from 'cli-progress'
import type { InstallProgress } from './install.ts'

export interface ProgressReport {
  onProgress (progress: InstallProgress): void
  /** Ends the bar, whether or not everything came in. */
  stop (): void
}

const LINE_EVERY_MS = 5000

/** A bar on a terminal; elsewhere a line for each origin and every few seconds. */
export function reportProgress (out: NodeJS.WriteStream): ProgressReport {
  return out.isTTY ? bar(out) : lines(out)
}

function bar (out: NodeJS.WriteStream): ProgressReport {
  const single = new SingleBar({
    stream: out,
    format: '{bar} {done} of {size}, {downloaded} downloaded | {origin}',
    barsize: 24,
    hideCursor: true,
    barCompleteChar: '█',
    barIncompleteChar: '░'
  })
  let started = false
  return {
    onProgress: progress => {
      const texts = {
        done: megabytes(progress.written),
        size: megabytes(progress.total),
        downloaded: megabytes(progress.downloaded),
        origin: progress.origin
      }
      if (!started) single.start(progress.total, 0, texts)
      started = true
      single.update(progress.written, texts)
    },
    stop: () => { if (started) single.stop() }
  }
}

function lines (out: NodeJS.WriteStream): ProgressReport {
  let origin = ''
  let last = 0
  return {
    onProgress: progress => {
      const now = performance.now()
      if (progress.origin === origin && now - last < LINE_EVERY_MS) return
      origin = progress.origin
      last = now
      out.write(
        `Installing from ${origin}: ${megabytes(progress.written)} of ${megabytes(progress.total)}, ${megabytes(progress.downloaded)} downloaded\n`
      )
    },
    stop: () => {}
  }
}

/** Bytes in words: megabytes of 10^6 bytes, one decimal. */
export function megabytes (bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
