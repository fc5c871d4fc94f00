/** Failures of workers within this time make the service unready from TOLERATED on. */
const WINDOW_MS = 60_000
const TOLERATED = 3

export interface RecentFailures {
  add (): void
  /** Since the start. */
  total (): number
  /** Too many of late, in a sentence; null when all is well. */
  problem (): string | null
}

export function recentFailures (): RecentFailures {
  let times: number[] = []
  let total = 0
  return {
    add () {
      times.push(performance.now())
      total++
    },
    total: () => total,
    problem () {
      times = times.filter(time => time > performance.now() - WINDOW_MS)
      return times.length < TOLERATED
        ? null
        : `Workers failed ${times.length} times within the last minute; see the log.`
    }
  }
}
