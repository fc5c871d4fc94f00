/** Looks at the live picture again and again, and tells what it shows, until it is stopped. */

/** After an answer that says "not now" without saying when, milliseconds. */
const REST_MS = 5000

/** Answers after which the service will not look at any picture: it is older, or the key may not ask. */
const REFUSED = [401, 403, 404, 405]

export class LiveHints {
  #camera
  #watch
  #onlook
  #running = null

  /**
   * `watch.look(frame, signal)` answers with what is told to `onlook`, at most every `watch.every` milliseconds.
   * `onlook` gets null when no look can be had for now.
   */
  constructor (camera, watch, onlook) {
    this.#camera = camera
    this.#watch = watch
    this.#onlook = onlook
  }

  start () {
    this.stop()
    this.#running = new AbortController()
    this.#run(this.#running.signal)
  }

  stop () {
    this.#running?.abort()
    this.#running = null
  }

  async #run (signal) {
    while (!signal.aborted) {
      const started = performance.now()
      let rest = this.#watch.every
      try {
        const look = await this.#watch.look(await this.#camera.takeFrame(), signal)
        if (!signal.aborted) this.#onlook(look)
      } catch (error) {
        if (signal.aborted) return
        this.#onlook(null)
        if (REFUSED.includes(error.status)) return
        rest = error.retryAfter == null ? REST_MS : error.retryAfter * 1000
      }
      await new Promise(resolve => setTimeout(resolve, Math.max(0, rest - (performance.now() - started))))
    }
  }
}
