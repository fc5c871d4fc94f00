/** The live camera: its picture with the oval, hints over it, the countdown, and the controls. */
import { Camera } from './camera.js'
import { announce, element, fill, icon } from './dom.js'
import { text } from './language.js'
import { LiveHints } from './live-hints.js'

/** So long must everything be right until the photo is taken by itself. The ring in workbench.css fills as long. */
const HOLD_MS = 1000
const VIBRATION_MS = 40
/** Where it is kept that somebody does not want photos to be taken by themselves. */
const PREFERENCE = 'automatic-capture'

export class Viewfinder {
  #options
  #camera
  #hints
  #video
  #viewfinder
  #hint
  #last
  #switch
  #torch
  #torchOn = false
  #automatic
  #shutter
  #close
  /** What is asked for when nothing is wrong. */
  #words = ''
  /** When everything became right; null while something is wrong. */
  #since = null

  /**
   * Options: `facing` of the camera first opened; `guide` draws the face oval; `watch`, see LiveHints, whose look has
   * `words` and `ready`, or undefined; `onshutter(takePhoto, { automatic })`, `onswitch()` and `onclose()`.
   */
  constructor (options) {
    this.#options = options
    this.#video = element('video', { playsinline: true, 'aria-label': text('source.viewfinder') })
    this.#video.muted = true
    this.#video.addEventListener('resize', () => this.#fit())
    this.#hint = element('p', { class: 'stage-hint', hidden: true })
    this.#viewfinder = element('div', { class: 'viewfinder' }, this.#video, options.guide && oval())
    this.element = element('div', { class: 'stage-live' }, this.#hint, this.#viewfinder, this.#controls())
    this.#camera = new Camera(this.#video, options.facing)
    this.#hints = options.watch && new LiveHints(this.#camera, options.watch, look => this.#see(look))
  }

  /** Whether the camera is on afterwards: it may be closed meanwhile. @throws {CameraError} */
  async open () {
    await this.#camera.open()
    return this.#begin()
  }

  /** @throws {CameraError} */
  async switch () {
    this.#stop()
    await this.#camera.switch()
    return this.#begin()
  }

  close () {
    this.#stop()
    this.#camera.close()
  }

  focus () {
    this.#shutter.focus({ preventScroll: true })
    announce([text('source.live'), this.#hint.textContent].join(' '))
  }

  /** Words over the picture as long as nothing is wrong with it. */
  setHint (words) {
    this.#words = words
    this.#show(words)
  }

  /** The last of several shots, as a small picture beside the shutter; null for none. */
  showLast (url) {
    this.#last.hidden = url === null
    if (url !== null) this.#last.src = url
    label(this.#close, text(url === null ? 'source.closeCamera' : 'source.done'))
    fill(this.#close, icon(url === null ? 'cross' : 'check'))
  }

  #controls () {
    const round = (name, words, onclick) => label(
      element('button', { type: 'button', class: `round ${name}`, hidden: true, onclick }, icon(name)), words
    )
    const { watch, guide, onclose, onswitch } = this.#options
    this.#switch = round('switch', text('source.switchCamera'), onswitch)
    this.#torch = round('torch', text('source.torch'), () => this.#light(!this.#torchOn))
    this.#automatic = round('automatic', text('source.automatic'), () => this.#setAutomatic(!this.#isAutomatic()))
    this.#automatic.hidden = !(watch && guide)
    this.#automatic.setAttribute('aria-pressed', String(wantsAutomatic()))
    this.#shutter = label(
      element('button', { type: 'button', class: 'shutter', onclick: () => this.#shoot(false) }),
      text('source.shutter')
    )
    this.#close = element('button', { type: 'button', class: 'round close', onclick: onclose })
    this.#last = element('img', { class: 'last-shot', alt: '' })
    this.showLast(null)
    return element(
      'div',
      { class: 'stage-controls' },
      element('div', { class: 'stage-controls-start' }, this.#switch, this.#last),
      this.#shutter,
      element('div', { class: 'stage-controls-end' }, this.#close, this.#automatic),
      this.#torch
    )
  }

  /** The stage takes the shape of the picture, so that what is seen is what is taken. */
  #fit () {
    this.#viewfinder.style.setProperty('--ratio', this.#video.videoWidth / this.#video.videoHeight)
    // A portrait is higher than what was there before: its shutter must not lie below the edge of the screen.
    this.element.scrollIntoView({ block: 'nearest' })
  }

  async #begin () {
    if (!this.#camera.on) return false
    this.#video.classList.toggle('mirrored', this.#camera.mirrored)
    this.#switch.hidden = !(await this.#camera.canSwitch())
    this.#torch.hidden = !this.#camera.hasTorch
    this.#torchOn = false
    this.#torch.setAttribute('aria-pressed', 'false')
    if (!this.#camera.on) return false
    this.#hints?.start()
    return true
  }

  #stop () {
    this.#hints?.stop()
    this.#count(false)
    this.#show(this.#words)
  }

  async #light (on) {
    this.#torchOn = await this.#camera.setTorch(on).then(() => on, () => false)
    this.#torch.setAttribute('aria-pressed', String(this.#torchOn))
  }

  #isAutomatic () {
    return !this.#automatic.hidden && this.#automatic.getAttribute('aria-pressed') === 'true'
  }

  #setAutomatic (on) {
    this.#automatic.setAttribute('aria-pressed', String(on))
    rememberAutomatic(on)
    this.#count(false)
  }

  /** What the live picture shows; null when that is not known. */
  #see (look) {
    const ready = look?.ready === true
    const counting = ready && this.#isAutomatic()
    this.#show(counting ? text('challenge.hints.hold') : look?.words || this.#words)
    this.#viewfinder.classList.toggle('ready', ready)
    if (counting && this.#since !== null && performance.now() - this.#since >= HOLD_MS) this.#shoot(true)
    else this.#count(counting)
  }

  #count (counting) {
    this.#since = counting ? this.#since ?? performance.now() : null
    this.#viewfinder.classList.toggle('counting', counting)
  }

  async #shoot (automatic) {
    this.#count(false)
    navigator.vibrate?.(VIBRATION_MS)
    await this.#options.onshutter(() => this.#camera.takePhoto(), { automatic })
  }

  /** Shows words over the picture, and reads them out when they change. */
  #show (words) {
    if (this.#hint.textContent === words) return
    this.#hint.textContent = words
    this.#hint.hidden = words === ''
    if (this.#camera?.on) announce(words)
  }
}

/** A browser may keep nothing for this page: then photos are taken by themselves until somebody stops it again. */
function wantsAutomatic () {
  try {
    return window.localStorage.getItem(PREFERENCE) !== 'off'
  } catch {
    return true
  }
}

function rememberAutomatic (on) {
  try {
    window.localStorage.setItem(PREFERENCE, on ? 'on' : 'off')
  } catch {}
}

/** Where the face belongs, with a ring that fills during the countdown. */
function oval () {
  const ring = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'ellipse')
  // It begins at the top.
  const shape = { cx: 50, cy: 50, rx: 49, ry: 49, pathLength: 100, transform: 'rotate(-90 50 50)' }
  for (const [name, value] of Object.entries(shape)) line.setAttribute(name, value)
  ring.setAttribute('viewBox', '0 0 100 100')
  ring.setAttribute('preserveAspectRatio', 'none')
  line.setAttribute('vector-effect', 'non-scaling-stroke')
  ring.append(line)
  return element('div', { class: 'face-guide', 'aria-hidden': 'true' }, ring)
}

function label (button, words) {
  button.setAttribute('aria-label', words)
  button.title = words
  return button
}
