/** The bar on top: API base, ping, API key and whether the service is ready. */
import { normalizeBase } from './api.js'
import { announce, byId, fill } from './dom.js'
import { duration, text } from './language.js'
import { notice, showError } from './notice.js'

export class Connection {
  #api
  #onchange

  /** `onchange` is called when another base or key is in force. */
  constructor (api, onchange) {
    this.#api = api
    this.#onchange = onchange
    byId('base').value = api.base
    byId('connection-toggle').addEventListener('click', () => this.#unfold(byId('connection').hidden))
    byId('base-form').addEventListener('submit', event => {
      event.preventDefault()
      this.#useBase()
    })
    byId('key-form').addEventListener('submit', event => {
      event.preventDefault()
      this.#useKey()
    })
    api.addEventListener('unauthorised', () => this.#askForKey())
  }

  /** Looks whether the service is ready and shows it in the pill. */
  async check () {
    this.#summary('unknown', 'connection.checking')
    try {
      const { ready } = await this.#api.ready()
      this.#summary(ready ? 'good' : 'bad', ready ? 'connection.ready' : 'connection.notReady')
    } catch (error) {
      if (error.status !== 401) this.#summary('bad', 'connection.unreachable')
    }
  }

  async #useBase () {
    const base = normalizeBase(byId('base').value)
    const result = byId('connection-result')
    if (base === null) {
      fill(result, notice('problem', '', text('connection.badBase')))
      return
    }
    byId('base').value = base
    if (base !== this.#api.base) {
      this.#api.base = base
      this.#api.key = ''
      byId('key-form').hidden = true
      this.#onchange()
    }
    await this.#ping(result)
    this.check()
  }

  async #ping (result) {
    const begin = performance.now()
    try {
      const { version, uptime } = await this.#api.health()
      const words = text('connection.pong', { milliseconds: performance.now() - begin, version, uptime: duration(uptime) })
      fill(result, notice('good', '', words))
      announce(words)
    } catch (error) {
      showError(result, error, this.#api.base)
    }
  }

  #useKey () {
    this.#api.key = byId('key').value.trim()
    byId('key').value = ''
    fill(byId('connection-result'), notice('good', '', text('connection.keySet')))
    this.#unfold(false)
    this.check()
    this.#onchange()
  }

  #askForKey () {
    this.#summary('bad', 'connection.needsKey')
    this.#unfold(true)
    byId('key-form').hidden = false
    byId('key').focus()
  }

  #unfold (open) {
    byId('connection').hidden = !open
    byId('connection-toggle').setAttribute('aria-expanded', String(open))
  }

  #summary (state, key) {
    byId('connection-toggle').querySelector('.dot').dataset.state = state
    byId('connection-summary').textContent = text(key)
  }
}
