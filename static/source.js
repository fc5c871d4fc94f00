/** Where photos come from: the camera, the file chooser or a drop. Used by enrolment and verification. */
import { announce, element, fill, icon } from './dom.js'
import { text } from './language.js'
import { explain, notice, tell } from './notice.js'

export class PhotoSource {
  #options
  #stage
  #video
  #preview
  #picture
  #hint
  #message
  #note
  #switchButton
  #shutter
  #last
  #closeButton
  #chooser
  /** Null until it is opened first. */
  #camera = null
  #taking = Promise.resolve()

  /**
   * Options: `many` photos or one; `facing` of the camera first opened; `guide` draws the face oval; `kind` of photo:
   * `enrol` or `proofs`; `room()` is how many photos may still come; `ready()`, false keeps the camera closed;
   * `onphoto({ blob, name })` gets each photo.
   */
  constructor (place, options) {
    this.#options = options
    this.#build(place)
    this.#acceptDrops(place.closest('form'))
  }

  /** Words over the live picture. */
  setHint (words) {
    this.#hint.textContent = words
    this.#hint.hidden = words === ''
  }

  /** What a person should know before the camera opens; null for nothing. */
  setNote (note) {
    fill(this.#note, note)
  }

  /** The last of several shots, as a small picture beside the shutter; null for none. */
  showLast (url) {
    this.#last.hidden = url === null
    if (url !== null) this.#last.src = url
    this.#labelClose(url !== null)
  }

  /** With shots taken the capture is done, not given up. */
  #labelClose (done = false) {
    const words = text(done ? 'source.done' : 'source.closeCamera')
    this.#closeButton.setAttribute('aria-label', words)
    this.#closeButton.title = words
    fill(this.#closeButton, icon(done ? 'check' : 'cross'))
  }

  /** Shows the one chosen photo in place of the camera. */
  show (url) {
    this.#camera?.close()
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
    this.#camera?.close()
    fill(this.#picture)
    this.#preview.removeAttribute('src')
    fill(this.#message)
    this.#state('empty')
    this.#options.onreset?.()
  }

  /** Switches the camera off; a shown photo stays. */
  close () {
    this.#camera?.close()
    if (this.#stage.dataset.state === 'live' || this.#stage.dataset.state === 'starting') this.#state('empty')
  }

  #build (place) {
    this.#makeParts()
    this.#stage = element(
      'div',
      { class: 'stage' },
      this.#emptyStage(),
      element('p', { class: 'stage-starting' }, text('source.starting')),
      this.#liveStage(),
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

  #makeParts () {
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
    this.#video = element('video', { playsinline: true, 'aria-label': text('source.viewfinder') })
    this.#video.muted = true
    this.#video.addEventListener('resize', () => this.#fitStage())
    this.#preview = element('img', { alt: text('source.preview') })
    this.#picture = element('div', { class: 'stage-picture' })
    this.#hint = element('p', { class: 'stage-hint', hidden: true })
    this.#message = element('div', { class: 'stage-message' })
    this.#note = element('div', { class: 'stage-note' })
    this.#switchButton = button(
      {
        ...named('source.switchCamera'),
        class: 'round',
        hidden: true,
        onclick: () => this.#openCamera(camera => camera.switch())
      },
      icon('switch')
    )
    this.#shutter = button({ ...named('source.shutter'), class: 'shutter', onclick: () => this.#shoot() })
    this.#last = element('img', { class: 'last-shot', alt: '', hidden: true })
    this.#closeButton = button({ class: 'round', onclick: () => this.reset() })
    this.#labelClose()
  }

  /** Before the camera is on: ways to a photo. */
  #emptyStage () {
    const { many } = this.#options
    return element(
      'div',
      { class: 'stage-empty' },
      icon(many ? 'enrol' : 'photo'),
      button(
        { class: 'button', onclick: () => this.#openCamera(camera => camera.open()) },
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

  #liveStage () {
    const guide = this.#options.guide && element('div', { class: 'face-guide', 'aria-hidden': 'true' })
    return element(
      'div',
      { class: 'stage-live' },
      this.#hint,
      element('div', { class: 'viewfinder' }, this.#video, guide),
      element(
        'div',
        { class: 'stage-controls' },
        element('div', { class: 'stage-controls-start' }, this.#switchButton, this.#last),
        this.#shutter,
        this.#closeButton
      )
    )
  }

  #state (name) {
    this.#stage.dataset.state = name
    // On phones the capture fills the screen; the rest of the page must not scroll behind it.
    document.documentElement.classList.toggle('capturing', name === 'live')
    if (name === 'live') this.#stage.scrollIntoView({ block: 'nearest' })
  }

  /** The stage takes the shape of the picture, so that what is seen is what is taken. */
  #fitStage () {
    this.#stage.style.setProperty('--ratio', this.#video.videoWidth / this.#video.videoHeight)
  }

  async #openCamera (open) {
    if (this.#options.ready?.() === false) return
    fill(this.#message)
    this.#state('starting')
    try {
      this.#camera ??= await this.#makeCamera()
      await open(this.#camera)
      if (!this.#camera.on) return
      this.#video.classList.toggle('mirrored', this.#camera.mirrored)
      this.#switchButton.hidden = !(await this.#camera.canSwitch())
      this.#state('live')
      this.#shutter.focus({ preventScroll: true })
      announce([text('source.live'), this.#hint.textContent].join(' '))
    } catch (error) {
      this.#state('empty')
      tell(
        this.#message,
        notice('problem', text('source.cameraProblem'), cameraWords(error))
      )
    }
  }

  async #makeCamera () {
    const { Camera } = await import('./camera.js')
    return new Camera(this.#video, this.#options.facing)
  }

  async #shoot () {
    if (this.#options.room() === 0) return this.#refuseMore()
    this.#stage.classList.add('flash')
    setTimeout(() => this.#stage.classList.remove('flash'), 200)
    const blob = await this.#camera.takePhoto()
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

function button (attributes, ...content) {
  return element('button', { type: 'button', ...attributes }, ...content)
}

/** The name of a button that shows only an icon. */
function named (key) {
  return { 'aria-label': text(key), title: text(key) }
}
