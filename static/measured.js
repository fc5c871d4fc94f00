/** What the metrics of the service say over the last minutes, made of looks at them. */
import { gauge, quantile, requestTotals, timesSince, verificationTimes } from './metrics.js'

/** Looks that are kept: five minutes, one each three seconds. */
const MOST = 100
/** Over this long the slowest verifications are shown, seconds. */
const P95_WINDOW = 60

export class Measured {
  /** { at: seconds, requests, times } */
  #looks = []
  /** Rows of the charts, oldest first. */
  rows = []

  /** `samples` of parseMetrics, at this second. A service that started anew begins anew. */
  add (samples, at = Date.now() / 1000) {
    const totals = requestTotals(samples)
    if (totals === null) return
    const look = { at, requests: totals.requests, times: verificationTimes(samples) }
    const before = this.#looks.at(-1)
    if (before !== undefined && look.requests < before.requests) this.clear()
    const last = this.#looks.at(-1)
    const since = this.#looks.find(({ at: then }) => then >= at - P95_WINDOW) ?? look
    const rate = (now, then) => last === undefined ? null : (now - then) / Math.max(0.001, at - last.at)
    const p95 = quantile(timesSince(look.times, since.times), 0.95)
    this.rows.push({
      at,
      requests: rate(look.requests, last?.requests),
      verifications: rate(look.times.count, last?.times.count),
      p95: p95 === null ? null : p95 * 1000,
      waiting: gauge(samples, 'eco_queue_waiting'),
      active: gauge(samples, 'eco_queue_active')
    })
    this.#looks.push(look)
    for (const list of [this.#looks, this.rows]) list.splice(0, list.length - MOST)
  }

  clear () {
    this.#looks = []
    this.rows = []
  }
}
