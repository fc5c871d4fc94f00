/** Tabs after the ARIA pattern: arrow keys, Home and End move; the address keeps the open one. */
import { byId } from './dom.js'

export class Tabs {
  #views
  #onopen
  #current = null

  /** `views` by name, each with show(user) and hide(); `onopen(name)` is told which one is open. */
  constructor (views, onopen) {
    this.#views = views
    this.#onopen = onopen
    for (const name of Object.keys(views)) {
      byId(`tab-${name}`).addEventListener('click', () => this.open(name))
      byId(`tab-${name}`).addEventListener('keydown', event => this.#move(event, name))
    }
    window.addEventListener('hashchange', () => this.start())
  }

  /** Opens the view that the address names, else the first one. */
  start () {
    const named = location.hash.replace('#/', '')
    const name = named in this.#views ? named : this.#current ?? Object.keys(this.#views)[0]
    if (name !== this.#current) this.open(name)
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
    const names = Object.keys(this.#views)
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -names.indexOf(name), End: names.length - 1 - names.indexOf(name) }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = names[(names.indexOf(name) + step + names.length) % names.length]
    this.open(next)
    byId(`tab-${next}`).focus()
  }
}
