/** Where photos come from, for enrolment and verification: the camera (viewfinder.js), the file chooser or a drop. */
import { announce, element, fill, icon } from './dom.js'
import { text } from './language.js'
import { explain, notice, tell } from './notice.js'

export class PhotoSource {
  #options
  #stage
  #preview
  #picture
  #message
  #note
  #chooser
  /** Fetched, with the camera, when that is opened first. */
  #viewfinder = null
  #hint = ''
  #last = null
  #taking = Promise.resolve()

  /**
   * Options: `many` photos or one; `facing` of the camera first opened; `guide` draws the face oval; `watch` looks at
   * the live picture, see Viewfinder; `kind` of photo: `enrol` or `proofs`; `room()` tells how many photos may still
   * come; `ready()`, false keeps the camera closed; `onphoto({ blob, name })` gets each photo.
   */
  constructor (place, options) {
    this.#options = options
    this.#build(place)
    this.#acceptDrops(place.closest('form'))
  }

  /** Words over the live picture. */
  setHint (words) {
    this.#hint = words
    this.#viewfinder?.setHint(words)
  }

  /** What a person should know before the camera opens; null for nothing. */
  setNote (note) {
    fill(this.#note, note)
  }

  /** The last of several shots, as a small picture beside the shutter; null for none. */
  showLast (url) {
    this.#last = url
    this.#viewfinder?.showLast(url)
  }

  /** Shows the one chosen photo in place of the camera. */
  show (url) {
    this.#viewfinder?.close()
    this.#preview.src = url
    fill(this.#picture, this.#preview)
    this.#state('preview')
  }

  /** Shows a figure of the chosen photo, with what was found on it, in place of the photo alone. */
  showMarked (figure) {
    fill(this.#picture, figure)
    this.#state('preview')
    this.#stage.scrollIntoView({ block: 'nearest' })
  }

  /** Back to the beginning, with the camera off. */
  reset () {
    this.#viewfinder?.close()
    fill(this.#picture)
    this.#preview.removeAttribute('src')
    fill(this.#message)
    this.#state('empty')
    this.#options.onreset?.()
  }

  /** Switches the camera off; a shown photo stays. */
  close () {
    this.#viewfinder?.close()
    if (this.#stage.dataset.state === 'live' || this.#stage.dataset.state === 'starting') this.#state('empty')
  }

  #build (place) {
    this.#chooser = element('input', {
      type: 'file',
      accept: 'image/*,.heic,.heif',
      multiple: this.#options.many,
      class: 'visually-hidden',
      tabindex: '-1',
      'aria-hidden': 'true',
      onchange: () => {
        this.#take([...this.#chooser.files])
        this.#chooser.value = ''
      }
    })
    this.#preview = element('img', { alt: text('source.preview') })
    this.#picture = element('div', { class: 'stage-picture' })
    this.#message = element('div', { class: 'stage-message' })
    this.#note = element('div', { class: 'stage-note' })
    this.#stage = element(
      'div',
      { class: 'stage' },
      this.#choice(),
      element('p', { class: 'stage-starting' }, text('source.starting')),
      element(
        'div',
        { class: 'stage-preview' },
        this.#picture,
        button({ class: 'button small retake', onclick: () => this.reset() }, text('source.retake'))
      )
    )
    fill(place, this.#stage, this.#chooser, this.#message)
    this.#state('empty')
  }

  /** The camera or a file. */
  #choice () {
    const { many } = this.#options
    return element(
      'div',
      { class: 'stage-empty' },
      icon(many ? 'enrol' : 'photo'),
      button(
        { class: 'button', onclick: () => this.#openCamera(viewfinder => viewfinder.open()) },
        icon('camera'),
        text('source.useCamera')
      ),
      button(
        { class: 'button', onclick: () => this.#chooser.click() },
        icon('photo'),
        text(many ? 'source.choosePhotos' : 'source.choosePhoto')
      ),
      element('p', { class: 'fine drop-note' }, text(many ? 'source.dropMany' : 'source.drop')),
      this.#note
    )
  }

  #state (name) {
    this.#stage.dataset.state = name
    // On phones the capture fills the screen; the rest of the page must not scroll behind it.
    document.documentElement.classList.toggle('capturing', name === 'live')
    if (name === 'live') this.#stage.scrollIntoView({ block: 'nearest' })
  }

  async #openCamera (open) {
    if (this.#options.ready?.() === false) return
    fill(this.#message)
    this.#state('starting')
    try {
      this.#viewfinder ??= await this.#makeViewfinder()
      if (this.#stage.dataset.state !== 'starting' || !(await open(this.#viewfinder))) return
      this.#state('live')
      this.#viewfinder.focus()
    } catch (error) {
      this.#state('empty')
      tell(this.#message, notice('problem', text('source.cameraProblem'), cameraWords(error)))
    }
  }

  async #makeViewfinder () {
    const { Viewfinder } = await import('./viewfinder.js')
    const { facing, guide, watch } = this.#options
    const viewfinder = new Viewfinder({
      facing,
      guide,
      watch,
      onshutter: (takePhoto, { automatic }) => this.#shoot(takePhoto, automatic),
      onswitch: () => this.#openCamera(viewfinder => viewfinder.switch()),
      onclose: () => this.reset()
    })
    viewfinder.setHint(this.#hint)
    viewfinder.showLast(this.#last)
    this.#stage.append(viewfinder.element)
    return viewfinder
  }

  async #shoot (takePhoto, automatic) {
    if (this.#options.room() === 0) return this.#refuseMore()
    // Nobody pressed anything: a picture that turns white would startle.
    if (!automatic) {
      this.#stage.classList.add('flash')
      setTimeout(() => this.#stage.classList.remove('flash'), 200)
    }
    const blob = await takePhoto()
    await this.#take([new File([blob], 'camera.jpg', { type: blob.type })])
  }

  /** Settles once every photo that was chosen is ready or refused: on a slow phone that takes seconds. */
  settled () {
    return this.#taking.catch(() => {})
  }

  #take (files) {
    this.#taking = this.settled().then(() => this.#prepare(files))
    return this.#taking
  }

  async #prepare (files) {
    fill(this.#message)
    const room = this.#options.room()
    if (files.length > room) this.#refuseMore()
    const preparing = element('p', { class: 'fine' }, text('source.preparing'))
    this.#message.append(preparing)
    for (const file of files.slice(0, room)) {
      try {
        const { preparePhoto } = await import('./photo.js')
        this.#options.onphoto(await preparePhoto(file, this.#options.kind))
        announce(text('source.taken'))
      } catch (error) {
        this.#message.append(notice('problem', text('source.photoProblem'), photoWords(error)))
      }
    }
    preparing.remove()
  }

  #refuseMore () {
    this.#message.append(notice('plain', '', text('photo.tooMany')))
  }

  #acceptDrops (form) {
    form.addEventListener('dragover', event => {
      event.preventDefault()
      this.#stage.classList.add('drop-target')
    })
    form.addEventListener('dragleave', event => {
      if (!form.contains(event.relatedTarget)) this.#stage.classList.remove('drop-target')
    })
    form.addEventListener('drop', event => {
      event.preventDefault()
      this.#stage.classList.remove('drop-target')
      this.#take([...event.dataTransfer.files])
    })
  }
}

function button (attributes, ...content) {
  return element('button', { type: 'button', ...attributes }, ...content)
}

function cameraWords (error) {
  return error.name === 'CameraError' ? text(`camera.${error.code}`, { detail: error.message }) : explain(error)
}

function photoWords (error) {
  if (error.name !== 'PhotoError') return explain(error)
  return text(`photo.${error.code}`, {
    name: error.file,
    limit: text('common.kilobytes', { size: error.limit / 1024 })
  })
}
