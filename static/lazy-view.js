/** A view whose module and style are fetched when its tab opens for the first time. */
import { byId, element, fill } from './dom.js'
import { text } from './language.js'
import { notice } from './notice.js'

export class LazyView {
  #name
  #load
  #view = null
  #open = false

  /** `load` makes the view of the panel `name`; styles/`name`.css is fetched beside it. */
  constructor (name, load) {
    this.#name = name
    this.#load = load
  }

  async show (user) {
    this.#open = true
    try {
      const [made] = await Promise.all([this.#view ?? this.#load(), loadStyle(this.#name)])
      this.#view ??= made
    } catch {
      fill(byId(this.#name), notice('problem', text('errors.titles.connection'), text('errors.notLoaded')))
      return
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
}

function loadStyle (name) {
  const href = `styles/${name}.css`
  if (document.querySelector(`link[href="${href}"]`) !== null) return
  const link = element('link', { rel: 'stylesheet', href })
  document.head.append(link)
  return new Promise((resolve, reject) => {
    link.addEventListener('load', resolve, { once: true })
    link.addEventListener('error', () => {
      link.remove()
      reject(new Error(`${href} was not loaded`))
    }, { once: true })
  })
}
