/** The enrolment view: takes up to five shots, sends them, and says which were accepted and why not. */
import { announce, byId, element, fill, icon } from './dom.js'
import { text, textOr, texts } from './language.js'
import { notice, sendWithProgress, showError, tell } from './notice.js'
import { PhotoSource } from './source.js'

const MOST_SHOTS = 5
/** The pose of each shot, in the words of the service; enrol.poses has those for people. */
const STEPS = ['centre', 'left', 'right', 'up', 'centre']
/** Looks at the live picture, at most one in so many milliseconds. */
const LOOK_MS = 400
/** Characters of a user name, as the service counts them. */
const LONGEST_NAME = 64

export class EnrolView {
  #api
  #open
  #viewer
  #source
  /** Each { blob, name, url, state: 'ready' | 'accepted' | 'rejected', code }. */
  #shots = []
  /** Pitch of this head when it looked straight; undefined until it did. */
  #neutral
  /** Stops the upload that runs. */
  #sending = null

  /** `open(view, user)` goes to another view. */
  constructor (api, open, viewer) {
    this.#api = api
    this.#open = open
    this.#viewer = viewer
    this.#source = new PhotoSource(byId('enrol-source'), {
      many: true,
      facing: 'user',
      guide: true,
      watch: { every: LOOK_MS, look: (frame, signal) => this.#look(frame, signal) },
      kind: 'enrol',
      room: () => MOST_SHOTS - this.#shots.length,
      ready: () => this.#checkConsent(),
      onphoto: photo => this.#add(photo)
    })
    byId('enrol-form').addEventListener('submit', event => {
      event.preventDefault()
      this.#submit()
    })
    byId('enrol-clear').addEventListener('click', () => this.#clear())
    byId('enrol-name').addEventListener('input', () => this.#checkName())
    this.#render()
  }

  show (user) {
    if (user !== undefined) byId('enrol-name').value = user
  }

  hide () {
    this.#source.close()
  }

  offer () {
    const required = this.#viewer.privacy?.consentRequired === true
    byId('consent-field').hidden = !required
    byId('enrol-consent').required = required
    this.#source.setNote(this.#viewer.privacyNote('enrol'))
  }

  /** A service that demands consent is sent nothing without its reference, and no camera opens. */
  #checkConsent () {
    const consent = byId('enrol-consent')
    const given = !consent.required || consent.value.trim() !== ''
    if (!given) {
      tell(byId('enrol-result'), notice('problem', '', text('enrol.consentMissing')))
      consent.focus()
    }
    return given
  }

  #add (photo) {
    this.#shots.push({ ...photo, url: URL.createObjectURL(photo.blob), state: 'ready' })
    this.#render()
    if (this.#shots.length === MOST_SHOTS) this.#source.close()
  }

  #remove (shot) {
    URL.revokeObjectURL(shot.url)
    this.#shots = this.#shots.filter(other => other !== shot)
    this.#render()
  }

  #clear () {
    this.#sending?.abort()
    this.#sending = null
    for (const shot of this.#shots) URL.revokeObjectURL(shot.url)
    this.#shots = []
    this.#neutral = undefined
    byId('enrol-form').reset()
    fill(byId('enrol-result'))
    this.#source.reset()
    this.#render()
    byId('enrol-name').focus()
  }

  async #submit () {
    await this.#source.settled()
    if (byId('enrol-submit').disabled) return
    const ready = this.#shots.filter(shot => shot.state === 'ready')
    const name = byId('enrol-name')
    const result = byId('enrol-result')
    if (name.value.trim() === '') {
      tell(result, notice('problem', '', text('enrol.nameMissing')))
      name.focus()
      return
    }
    if (!this.#checkName()) {
      name.focus()
      return
    }
    if (!this.#checkConsent()) return
    if (ready.length === 0) {
      tell(result, notice('problem', '', text('enrol.photoMissing')))
      return
    }
    fill(result)
    const sending = this.#sending = new AbortController()
    try {
      const answer = await sendWithProgress(byId('enrol-submit'), byId('enrol-progress'), sending,
        options => this.#api.signup(name.value, ready, { ...options, consent: byId('enrol-consent').value.trim() }))
      for (const shot of ready) shot.state = 'accepted'
      this.#reject(ready, answer.rejected)
      if (answer.rejected.length === 0) this.#source.close()
      this.#showDone(answer)
    } catch (error) {
      // Nothing was stored: what is not at fault stays ready to be sent again.
      if (Array.isArray(error.body?.rejected)) this.#reject(ready, error.body.rejected)
      showError(result, error, this.#api.base, () => this.#submit())
      if (error.body?.error === 'no_usable_face') { tell(result, notice('problem', text('enrol.nothingTitle'), text('enrol.nothing'))) }
    }
    this.#render()
  }

  /** A name that is too long is reported, never cut. */
  #checkName () {
    const name = byId('enrol-name')
    const result = byId('enrol-result')
    const length = [...name.value.trim()].length
    const tooLong = length > LONGEST_NAME
    name.setAttribute('aria-invalid', String(tooLong))
    if (tooLong) {
      fill(
        result,
        element(
          'div',
          { 'data-of': 'name' },
          notice('problem', '', text('enrol.nameTooLong', { most: LONGEST_NAME, count: length }))
        )
      )
    } else result.querySelector('[data-of=name]')?.remove()
    return !tooLong
  }

  #reject (sent, rejected) {
    for (const { index, code, message } of rejected) Object.assign(sent[index], { state: 'rejected', code, message })
  }

  #showDone (answer) {
    const advice = answer.rejected.length > 0 ? text('enrol.retake') : answer.shots < 3 ? text('enrol.few') : null
    const next = element(
      'button',
      { type: 'button', class: 'button small', onclick: () => this.#open('verify', answer.user) },
      text('enrol.verifyNow')
    )
    const words = text('enrol.done', { user: answer.user, count: answer.shots })
    tell(byId('enrol-result'), notice('good', text('enrol.doneTitle'), words, advice && element('p', {}, advice), next))
    announce(words)
  }

  #render () {
    const ready = this.#shots.filter(shot => shot.state === 'ready').length
    const places = Array.from({ length: MOST_SHOTS }, (_, index) => this.#place(index))
    fill(byId('shots'), places)
    fill(
      byId('shot-reasons'),
      this.#shots.map((shot, index) => shot.state === 'rejected' && rejection(shot, index + 1))
    )
    byId('shot-count').textContent = text('enrol.shotCount', { count: this.#shots.length })
    byId('enrol-submit').textContent = ready === 0 ? text('enrol.submitNone') : text('enrol.submit', { count: ready })
    this.#source.setHint(this.#hint())
    this.#source.showLast(this.#shots.at(-1)?.url ?? null)
  }

  #place (index) {
    const shot = this.#shots[index]
    const number = index + 1
    if (shot === undefined) {
      return element(
        'li',
        { class: 'shot empty' },
        element('span', { class: 'visually-hidden' }, text('enrol.emptySlot', { number }))
      )
    }
    const state = text(`enrol.state.${shot.state}`)
    return element(
      'li',
      { class: `shot ${shot.state}` },
      element('img', { src: shot.url, alt: `${text('enrol.shot', { number })}, ${state}` }),
      shot.state !== 'ready' &&
        element('span', { class: 'badge' }, icon(shot.state === 'accepted' ? 'check' : 'cross')),
      element(
        'button',
        {
          type: 'button',
          class: 'remove',
          'aria-label': text('enrol.remove', { number }),
          title: text('enrol.remove', { number }),
          onclick: () => this.#remove(shot)
        },
        icon('cross')
      )
    )
  }

  /** What is wrong with the live picture, and whether it is good enough to be the next shot. */
  async #look (frame, signal) {
    const step = STEPS[this.#shots.length]
    const { hint, pitch } = await this.#api.hint(frame, { step, neutral: this.#neutral }, signal)
    if (hint !== 'hold') return { words: textOr(`enrol.hints.${hint}`, `challenge.hints.${hint}`), ready: false }
    if (step === 'centre') this.#neutral = pitch
    return { words: text('source.good'), ready: true }
  }

  /** What the last rejection asks for, otherwise the pose of the next shot. */
  #hint () {
    const rejected = this.#shots.findLast(shot => shot.state === 'rejected')
    if (this.#shots.length === MOST_SHOTS) return text('enrol.full')
    const pose = texts('enrol.poses')[this.#shots.length]
    return rejected === undefined ? pose : textOr(`enrol.poses.${this.#shots.length}`, `enrol.hints.${rejected.code}`)
  }
}

function rejection (shot, number) {
  const reason = textOr('enrol.state.rejected', `enrol.reasons.${shot.code}`)
  const advice = textOr('enrol.retake', `enrol.hints.${shot.code}`)
  return element('li', {}, element('strong', {}, text('enrol.shot', { number })), ` ${reason} ${advice}.`)
}
