/** Decisions of reviews that can still be undone, and those that the service did not get yet. */
export const UNDO_SECONDS = 10

/**
 * Emits `change` when what waits has changed, `sent` with { entry, state } and `refused` with { entry, error } for a
 * decision that the service does not take. An entry is { review, decision, note }.
 */
export class Decisions extends EventTarget {
  #api
  /** Oldest first; each with the time at which it is sent. */
  #waiting = []
  #sending = new Set()
  /** No answer came to these, or one that says to try again: { entry, error }. */
  #unsent = []

  constructor (api) {
    super()
    this.#api = api
    api.addEventListener('answered', () => this.#sendLost())
    window.addEventListener('pagehide', () => this.sendAll())
    window.addEventListener('beforeunload', event => this.#unsent.length > 0 && event.preventDefault())
  }

  add (review, decision, note) {
    const entry = { review, decision, note, due: Date.now() + UNDO_SECONDS * 1000 }
    entry.timer = setTimeout(() => this.#send(entry), UNDO_SECONDS * 1000)
    this.#waiting.push(entry)
    this.#changed()
  }

  /** The last decision, taken back; null when none can be. */
  undo () {
    const entry = this.#waiting.pop() ?? null
    if (entry === null) return null
    clearTimeout(entry.timer)
    this.#changed()
    return entry
  }

  get last () {
    return this.#waiting.at(-1) ?? null
  }

  get unsent () {
    return this.#unsent
  }

  has (id) {
    return [...this.#waiting, ...this.#sending, ...this.#unsent.map(({ entry }) => entry)]
      .some(({ review }) => review.id === id)
  }

  /** Sends at once what waits, before the person leaves. */
  sendAll () {
    for (const entry of [...this.#waiting]) this.#send(entry)
  }

  /** Sends again what was not sent. */
  retry () {
    for (const { entry } of this.#unsent.splice(0)) this.#send(entry)
  }

  #sendLost () {
    const lost = this.#unsent.filter(({ error }) => error.kind !== 'http')
    this.#unsent = this.#unsent.filter(({ error }) => error.kind === 'http')
    for (const { entry } of lost) this.#send(entry)
  }

  async #send (entry) {
    clearTimeout(entry.timer)
    this.#waiting = this.#waiting.filter(other => other !== entry)
    this.#sending.add(entry)
    this.#changed()
    try {
      const { state } = await this.#api.decideReview(entry.review.id, entry.decision, entry.note)
      this.#sending.delete(entry)
      this.#tell('sent', { entry, state })
    } catch (error) {
      this.#sending.delete(entry)
      const refused = error.kind === 'http' && [400, 403, 404, 409].includes(error.status)
      if (refused) this.#tell('refused', { entry, error })
      else this.#unsent.push({ entry, error })
    }
    this.#changed()
  }

  #changed () {
    this.dispatchEvent(new Event('change'))
  }

  #tell (name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
