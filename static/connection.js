/** The bar on top: API base, ping, API key and whether the service is ready. */
import { normalizeBase } from './api.js'
import { announce, byId, fill } from './dom.js'
import { duration, text } from './language.js'
import { forgetInterrupted, notice, resumeInterrupted, showError } from './notice.js'

/** How soon the service is asked again after a call found it unreachable, or not ready. */
const RECHECK_MS = 5000

export class Connection {
  #api
  #onchange
  #recheck = null
  #unreachable = false

  /** `onchange` is called when another base or key is used. */
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
    api.addEventListener('unreachable', () => this.#lost())
    api.addEventListener('answered', () => this.#answered())
    window.addEventListener('offline', () => this.#lost())
    window.addEventListener('online', () => this.check())
  }

  /**
   * Asks whether the service is ready and shows it in the pill. Without a key that it demands, the key is asked for.
   */
  async check () {
    this.#stopRechecking()
    this.#unreachable = false
    if (this.#state() === 'unknown') this.#summary('unknown', 'connection.checking')
    try {
      const [{ ready }, mayCall] = await Promise.all([this.#api.ready(), this.#mayCall()])
      if (!mayCall) return
      this.#summary(ready ? 'good' : 'bad', ready ? 'connection.ready' : 'connection.notReady')
      if (!ready) this.#recheckSoon()
    } catch (error) {
      if (error.status !== 401) this.#lost()
    }
  }

  /** Every service tells its readiness to everybody, but who they are only to those who may call. */
  async #mayCall () {
    return await this.#api.me().then(
      () => true,
      error => error.status !== 401
    )
  }

  #lost () {
    this.#unreachable = true
    this.#summary('bad', navigator.onLine ? 'connection.unreachable' : 'connection.offline')
    this.#recheckSoon()
  }

  /** An answer after a lost connection: the pill must not stay behind. */
  #answered () {
    if (this.#unreachable) this.check()
  }

  #recheckSoon () {
    this.#stopRechecking()
    this.#recheck = setTimeout(() => {
      if (!document.hidden) this.check()
      else this.#recheckSoon()
    }, RECHECK_MS)
  }

  #stopRechecking () {
    clearTimeout(this.#recheck)
    this.#recheck = null
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
      forgetInterrupted()
      this.#onchange()
    }
    await this.#ping(result)
    this.check()
  }

  async #ping (result) {
    const begin = performance.now()
    try {
      const { version, uptime } = await this.#api.health()
      const words = text('connection.pong', {
        milliseconds: performance.now() - begin,
        version,
        uptime: duration(uptime)
      })
      fill(result, notice('good', '', words))
      announce(words)
    } catch (error) {
      showError(result, error, this.#api.base)
    }
  }

  /** Tries the key at once; a good one resumes what was interrupted by its absence. */
  async #useKey () {
    const result = byId('connection-result')
    const key = byId('key').value.trim()
    if (key === '') return
    this.#api.key = key
    byId('key').value = ''
    try {
      await this.#api.tasks()
    } catch (error) {
      if (error.status === 401) {
        fill(result, notice('problem', text('connection.keyRefusedTitle'), text('connection.keyRefused')))
        return
      }
      showError(result, error, this.#api.base)
      return
    }
    fill(result, notice('good', '', text('connection.keySet')))
    byId('key-form').hidden = true
    this.#unfold(false)
    this.check()
    this.#onchange()
    resumeInterrupted()
  }

  #askForKey () {
    this.#stopRechecking()
    this.#summary('bad', 'connection.needsKey')
    if (!byId('key-form').hidden) return
    this.#unfold(true)
    byId('key-form').hidden = false
    byId('key').focus()
  }

  #unfold (open) {
    byId('connection').hidden = !open
    byId('connection-toggle').setAttribute('aria-expanded', String(open))
  }

  #state () {
    return byId('connection-toggle').querySelector('.dot').dataset.state
  }

  #summary (state, key) {
    byId('connection-toggle').querySelector('.dot').dataset.state = state
    byId('connection-summary').textContent = text(key)
  }
}
