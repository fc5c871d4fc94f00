/** Tabs after the ARIA pattern, and the views behind them, whose files are fetched when they are first opened. */
import { ApiError } from './api.js'
import { byId } from './dom.js'
import { showError } from './notice.js'

/** Arrow keys, Home and End move; the address keeps the open one. */
export class Tabs {
  #views
  #offers
  #onopen
  #current = null
  /** What the address asked for and is not offered, perhaps not yet. */
  #wanted = null

  /**
   * `views` by name, each with show(user), hide() and perhaps offer(), called when the viewer has changed;
   * `offers(name)` says which ones are of use; `onopen(name)` is called with the open one.
   */
  constructor (views, offers, onopen) {
    this.#views = views
    this.#offers = offers
    this.#onopen = onopen
    for (const name of Object.keys(views)) {
      byId(`tab-${name}`).addEventListener('click', () => this.#choose(name))
      byId(`tab-${name}`).addEventListener('keydown', event => this.#move(event, name))
    }
    window.addEventListener('hashchange', () => this.start())
  }

  /** Opens the view that the address names, else the first one. */
  start () {
    const [named, user] = location.hash.replace('#/', '').split('/')
    const known = this.#names().includes(named)
    this.#wanted = known || !(named in this.#views) ? null : named
    const name = known ? named : (this.#current ?? this.#names()[0])
    if (name !== this.#current || user !== undefined) this.open(name, user && decodeURIComponent(user))
  }

  /** Hides the tabs that are of no use to the viewer; of these the open one gives way to the first that is. */
  offer () {
    const names = this.#names()
    for (const name of Object.keys(this.#views)) byId(`tab-${name}`).hidden = !names.includes(name)
    for (const view of Object.values(this.#views)) view.offer?.()
    if (this.#wanted !== null && names.includes(this.#wanted)) this.open(this.#wanted)
    if (names.length > 0 && this.#current !== null && !names.includes(this.#current)) this.open(names[0])
  }

  #choose (name) {
    this.#wanted = null
    this.open(name)
  }

  #names () {
    return Object.keys(this.#views).filter(this.#offers)
  }

  open (name, user) {
    if (this.#current !== null && this.#current !== name) this.#views[this.#current].hide()
    this.#current = name
    for (const other of Object.keys(this.#views)) {
      const tab = byId(`tab-${other}`)
      tab.setAttribute('aria-selected', String(other === name))
      tab.tabIndex = other === name ? 0 : -1
      byId(other).hidden = other !== name
    }
    // with a slash it names no element, so the browser does not jump to the panel
    history.replaceState(null, '', `#/${name}`)
    this.#onopen(name)
    this.#views[name].show(user)
  }

  /** The open view once more, after a change of the connection. */
  reload () {
    this.open(this.#current)
  }

  /** The page went out of sight: camera and timers stop. */
  pause () {
    this.#views[this.#current].hide()
  }

  resume () {
    this.#views[this.#current].resume?.()
  }

  #move (event, name) {
    const names = this.#names()
    const steps = {
      ArrowRight: 1,
      ArrowLeft: -1,
      Home: -names.indexOf(name),
      End: names.length - 1 - names.indexOf(name)
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = names[(names.indexOf(name) + step + names.length) % names.length]
    this.#choose(next)
    byId(`tab-${next}`).focus()
  }
}

/** A view whose files are fetched when it is first shown. Its style belongs to styles.css. */
export class LazyView {
  #name
  #api
  #load
  #view = null
  #open = false
  /** Shown twice in a row, as when the connection changes at once, it is made once. */
  #loading = null

  /** `load` makes the view of the panel `name`, which may have a place `name`-result for messages. */
  constructor (name, api, load) {
    this.#name = name
    this.#api = api
    this.#load = load
  }

  async show (user) {
    this.#open = true
    try {
      this.#view ??= await (this.#loading ??= this.#make())
    } catch {
      // A browser may remember that a file could not be fetched: only a reload asks for it again.
      const retry = () => location.reload()
      const place = byId(`${this.#name}-result`) ?? byId(this.#name)
      return showError(place, new ApiError('network'), this.#api.base, retry)
    }
    if (this.#open) await this.#view.show(user)
  }

  hide () {
    this.#open = false
    this.#view?.hide()
  }

  offer () {
    this.#view?.offer?.()
  }

  resume () {
    this.#open = true
    this.#view?.resume?.()
  }

  async #make () {
    try {
      const view = await this.#load()
      view.offer?.()
      return view
    } finally {
      this.#loading = null
    }
  }
}
