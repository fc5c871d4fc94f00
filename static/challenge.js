/**
 * The challenge: a person moves the head as the page asks, and proves to be live. challenge-guide.js draws the picture.
 */
import { Camera } from './camera.js'
import { ChallengeGuide } from './challenge-guide.js'
import { announce, element, fill } from './dom.js'
import { text, textOr } from './language.js'
import { explain } from './notice.js'

/** A look at the pose five times a second at most. */
const PAUSE_MS = 200
/** Frames that are kept of each step, and on the way to it. */
const HELD = 2
/** Pitch of an average head that looks straight, degrees, as the service assumes it. */
const AVERAGE_PITCH = 4
/** Of all frames, as many as one request takes. */
const MOST_FRAMES = 20

/**
 * Runs a challenge for a user in a dialog.
 * @returns the id of the passed challenge; null when the person closed the dialog
 */
export function runChallenge (api, username) {
  return new Promise(resolve => new ChallengeDialog(api, username, resolve).open())
}

class ChallengeDialog {
  #api
  #username
  #resolve
  #dialog
  #video
  #guide
  #words
  #start
  #camera
  /** Ends the run in progress; null while none is. */
  #running = null
  #passed = null

  constructor (api, username, resolve) {
    this.#api = api
    this.#username = username
    this.#resolve = resolve
    this.#video = element('video', { playsinline: true, 'aria-label': text('source.viewfinder') })
    this.#video.muted = true
    this.#guide = new ChallengeGuide(this.#video)
    this.#words = element('p', { class: 'challenge-words', id: 'challenge-words' }, text('challenge.lead'))
    this.#start = element(
      'button',
      { type: 'button', class: 'button primary', autofocus: true, onclick: () => this.#run() },
      text('challenge.start')
    )
    this.#dialog = element(
      'dialog',
      { class: 'challenge', 'aria-labelledby': 'challenge-title', 'aria-describedby': 'challenge-words' },
      element('h3', { id: 'challenge-title' }, text('challenge.title')),
      this.#guide.element,
      this.#words,
      element(
        'div',
        { class: 'actions' },
        this.#start,
        element(
          'button',
          { type: 'button', class: 'button', onclick: () => this.#dialog.close() },
          text('common.cancel')
        )
      )
    )
    this.#camera = new Camera(this.#video, 'user')
    this.#dialog.addEventListener('close', () => this.#end())
    document.addEventListener('visibilitychange', this.#leave)
  }

  open () {
    document.body.append(this.#dialog)
    this.#dialog.showModal()
  }

  /** The page went out of sight: nobody moves the head any more. */
  #leave = () => {
    if (document.hidden) this.#dialog.close()
  }

  #end () {
    document.removeEventListener('visibilitychange', this.#leave)
    this.#running?.abort()
    this.#camera.close()
    this.#dialog.remove()
    this.#resolve(this.#passed)
  }

  async #run () {
    const running = this.#running = new AbortController()
    this.#start.hidden = true
    try {
      this.#tell(text('source.starting'))
      await this.#camera.open()
      this.#video.classList.toggle('mirrored', this.#camera.mirrored)
      const { id, steps } = await this.#api.challenge(this.#username)
      const frames = await this.#capture(id, steps.map(({ pose }) => pose), running.signal)
      this.#tell(text('challenge.judging'))
      const answer = await this.#api.frames(id, frames, quiet(running.signal))
      if (answer.status === 'passed') return this.#succeed(id)
      this.#fail(
        textOr('challenge.failed.other', `challenge.failed.${answer.reasons[0]}`, { detail: answer.reasons[0] })
      )
    } catch (error) {
      if (running.signal.aborted) return
      this.#fail(
        error.code === undefined
          ? explain(error, this.#api.base)
          : text(`camera.${error.code}`, { detail: error.message })
      )
    }
  }

  /** Guides through the steps one after the other; answers with the frames in order of time. */
  async #capture (id, steps, signal) {
    const kept = []
    // Of this head, as soon as it looked straight or aside; a nod alone says only that the head is not straight yet.
    let [neutral, assumed] = []
    for (const [index, step] of steps.entries()) {
      let held = 0
      while (held < HELD) {
        const started = performance.now()
        signal.throwIfAborted()
        const frame = await this.#camera.takeFrame()
        const { pose, hint, pitch } = await this.#api.pose(
          id,
          frame,
          { step, neutral: neutral ?? assumed },
          quiet(signal)
        )
        if (step === 'centre' && pose === 'centre') neutral ??= pitch
        // A camera that is slower than we look, or shows a loop, gives a picture twice: it is kept, and counts, once.
        if (pose === step && hint === 'hold' && !(await isAmong(kept, frame))) {
          held++
          assumed = step === 'left' || step === 'right' ? pitch : assumed ?? AVERAGE_PITCH
          kept.push(frame)
        }
        this.#guide.show({ step, done: index + held / HELD, of: steps.length })
        this.#tell(text(`challenge.hints.${hint}`))
        await pause(PAUSE_MS - (performance.now() - started))
      }
    }
    return kept.slice(0, MOST_FRAMES)
  }

  /** Says what to do, and reads it out when it changes. */
  #tell (words) {
    if (this.#words.textContent === words) return
    this.#words.textContent = words
    announce(words)
  }

  #succeed (id) {
    this.#passed = id
    this.#guide.show({ step: null, done: 1, of: 1 })
    this.#tell(text('challenge.passed'))
    this.#dialog.close()
  }

  #fail (words) {
    this.#camera.close()
    this.#guide.show({ step: null, done: 0, of: 1 })
    this.#tell(words)
    fill(this.#start, text('common.retry'))
    this.#start.hidden = false
    this.#start.focus()
  }
}

function quiet (signal) {
  return { signal, onprogress: () => {} }
}

/** Whether a frame is, byte for byte, one of those that are kept. */
async function isAmong (kept, frame) {
  for (const other of kept) if (await same(other, frame)) return true
  return false
}

async function same (one, other) {
  if (one.size !== other.size) return false
  const [a, b] = await Promise.all([one, other].map(async blob => new Uint8Array(await blob.arrayBuffer())))
  return a.every((byte, i) => byte === b[i])
}

function pause (milliseconds) {
  return new Promise(resolve => setTimeout(resolve, Math.max(0, milliseconds)))
}
