/** The teaching view: example photos in, figures and the worst mistakes out, then keep or discard. */
import { announce, byId, element, fill } from './dom.js'
import { keptPhoto } from './kept-photo.js'
import { number, percent, text } from './language.js'
import { notice, showError } from './notice.js'

const KINDS = ['yes', 'no', 'near']
const REFRESH_MS = 1000
/** Of one request; the service takes bodies of 8 MiB. */
const BATCH = { photos: 10, bytes: 7 * 1024 * 1024 }

export class TeachingView {
  #api
  #timer = null
  #state = null
  #result = element('div', { class: 'result' })
  #place = element('div')

  constructor (api) {
    this.#api = api
    fill(byId('teaching'),
      element('h2', {}, text('teaching.title')),
      element('p', { class: 'lead' }, text('teaching.lead')),
      this.#result,
      this.#place)
  }

  async show () {
    this.hide()
    await this.#look(() => this.#api.teaching())
  }

  resume () {
    this.show()
  }

  hide () {
    clearTimeout(this.#timer)
  }

  /** Calls the service, and shows how the teaching stands then. */
  async #look (call) {
    clearTimeout(this.#timer)
    try {
      const status = await call()
      fill(this.#result)
      await this.#render(status)
      if (status.state === 'teaching') this.#timer = setTimeout(() => this.#look(() => this.#api.teaching()), REFRESH_MS)
    } catch (error) {
      showError(this.#result, error, this.#api.base, () => this.#look(() => this.#api.teaching()))
    }
  }

  async #render (status) {
    if (status.state === 'teaching' && this.#state === 'teaching') {
      this.#place.querySelector('progress').value = status.progress
      return
    }
    const changed = this.#state !== null && this.#state !== status.state
    this.#state = status.state
    if (status.state === 'teaching') fill(this.#place, this.#progress(status))
    else if (status.state === 'taught') fill(this.#place, this.#learned(status))
    else await this.#collecting(status)
    if (changed) announce(text(`teaching.states.${status.state}`))
  }

  async #collecting (status) {
    const { tasks } = await this.#api.tasks()
    const select = element('select', { id: 'teaching-task' },
      tasks.map(({ name, title }) => element('option', { value: name, selected: name === status.task }, title)))
    const origin = element('input', {
      id: 'teaching-origin', type: 'text', maxlength: 256, autocomplete: 'off', 'aria-describedby': 'teaching-origin-note'
    })
    const sent = status.photos.yes + status.photos.no + status.photos.near
    fill(this.#place,
      status.problem && notice('problem', text('teaching.states.failed'), status.problem),
      element('div', { class: 'teaching-fields' },
        field('teaching-task', text('teaching.task'), select),
        field('teaching-origin', text('teaching.origin'), origin,
          element('small', { id: 'teaching-origin-note' }, text('teaching.originNote')))),
      element('div', { class: 'teaching-drops' }, KINDS.map(kind =>
        dropZone(kind, status.photos[kind], files => this.#send(kind, files, origin.value)))),
      element('p', { class: 'fine' }, text(status.missing === null ? 'teaching.enough' : 'teaching.missing')),
      element('div', { class: 'actions' },
        element('button', {
          type: 'button',
          class: 'button primary',
          disabled: status.missing !== null,
          onclick: () => this.#look(() => this.#api.beginTeaching(select.value))
        }, text('teaching.begin')),
        sent > 0 && this.#discardButton()))
  }

  /** Photos in bodies that are small enough; what the service refuses is told, the rest stays. */
  async #send (kind, files, origin) {
    let status = null
    try {
      for (const [index, batch] of batches(files).entries()) {
        fill(this.#result, notice('plain', '', text('teaching.sending', { part: index + 1, whole: batches(files).length })))
        status = await this.#api.addTeachingPhotos(kind, batch, origin)
      }
      await this.#look(async () => status)
    } catch (error) {
      if (status !== null) await this.#render(status)
      showError(this.#result, error, this.#api.base)
    }
  }

  #progress ({ progress }) {
    return element('div', { class: 'notice plain' },
      element('label', { class: 'sending' }, text('teaching.states.teaching'),
        element('progress', { max: 1, value: progress })),
      this.#discardButton())
  }

  #learned ({ result }) {
    const { figures, taught, threshold, worst, refused, scene } = result
    return [
      element('h3', { tabindex: '-1' }, text('teaching.learned', { scene })),
      element('dl', { class: 'figures' },
        figure('system.figures.proven', figures.proven),
        figure('system.figures.false', figures.false),
        figures.near && figure('system.figures.near', figures.near)),
      element('p', { class: 'fine' }, text('teaching.figuresNote', {
        auc: number(figures.auc, 3), threshold: number(threshold, 2), origins: taught.origins
      })),
      element('h3', {}, text('teaching.worst')),
      worst.length === 0
        ? element('p', {}, text('teaching.worstNone'))
        : element('ul', { class: 'teaching-worst' }, worst.map(photo => this.#worst(photo))),
      refused.length > 0 && element('details', {},
        element('summary', {}, text('teaching.refused', { count: refused.length })),
        element('ul', {}, refused.map(({ name, reason }) => element('li', { class: 'fine' }, `${name}: ${reason}`)))),
      element('div', { class: 'actions' },
        element('button', { type: 'button', class: 'button primary', onclick: () => this.#keep() },
          text('teaching.keep')),
        this.#discardButton())
    ]
  }

  #worst ({ id, name, class: kind, score }) {
    const words = text(`teaching.wrong.${kind}`)
    return element('li', {},
      keptPhoto(this.#api, `/api/teaching/photos/${id}`, `${name}: ${words}`),
      element('p', { class: 'fine' }, `${number(score, 2)} · ${words}`))
  }

  #discardButton () {
    return element('button', {
      type: 'button', class: 'button danger-quiet', onclick: () => this.#look(() => this.#api.discardTeaching())
    }, text('teaching.discard'))
  }

  async #keep () {
    try {
      const { scene, rule } = await this.#api.keepTeaching()
      await this.show()
      fill(this.#result, notice('good', '', text('teaching.kept', { scene }),
        rule && element('p', {}, text('teaching.rule')),
        rule && element('pre', { tabindex: '0' }, rule)))
      announce(text('teaching.kept', { scene }))
    } catch (error) {
      showError(this.#result, error, this.#api.base, () => this.#keep())
    }
  }
}

/** A place for photos of one kind: a button that opens the files, and takes what is dropped on it. */
function dropZone (kind, count, onfiles) {
  const input = element('input', {
    id: `teaching-${kind}`, type: 'file', multiple: true, accept: 'image/jpeg,image/png,image/webp', class: 'visually-hidden'
  })
  const zone = element('label', { class: 'teaching-drop', for: `teaching-${kind}` },
    element('strong', {}, text(`teaching.kinds.${kind}`)),
    element('span', { class: 'fine' }, text(`teaching.kindNotes.${kind}`)),
    element('span', { class: 'count' }, text('teaching.photos', { count })),
    input)
  input.addEventListener('change', () => input.files.length > 0 && onfiles([...input.files]))
  zone.addEventListener('dragover', () => zone.classList.add('over'))
  zone.addEventListener('dragleave', () => zone.classList.remove('over'))
  zone.addEventListener('drop', event => {
    zone.classList.remove('over')
    const files = [...event.dataTransfer.files].filter(({ type }) => type.startsWith('image/'))
    if (files.length > 0) onfiles(files)
  })
  return zone
}

function field (id, label, ...controls) {
  return element('div', { class: 'field' }, element('label', { for: id }, label), ...controls)
}

function figure (name, { rate, low, high, photos }) {
  return element('div', {}, element('dt', {}, text(name)), element('dd', {}, percent(rate), ' ',
    element('span', { class: 'fine' }, text('system.figures.interval', {
      low: percent(low), high: percent(high), photos
    }))))
}

/** Groups of files that fit one request. */
function batches (files) {
  const groups = [[]]
  let bytes = 0
  for (const file of files) {
    const group = groups.at(-1)
    if (group.length === BATCH.photos || (group.length > 0 && bytes + file.size > BATCH.bytes)) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1).push(file)
    bytes += file.size
  }
  return groups
}
