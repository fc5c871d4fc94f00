/** The verification view: user, task and photo in, verdict out. */
import { announce, byId, element, fill } from './dom.js'
import { text } from './language.js'
import { notice, sendWithProgress, showError, tell } from './notice.js'
import { markedPhoto } from './overlay.js'
import { PhotoSource } from './source.js'
import { verdictCard, verdictWords } from './verdict.js'

/** Looks at the live picture, at most one in so many milliseconds. */
const LOOK_MS = 1500

export class VerifyView {
  #api
  #source
  #open
  #viewer
  #photo = null
  #tasks = []
  /** Stops the upload that runs. */
  #sending = null

  /** `open(view, user)` goes to another view. */
  constructor (api, open, viewer) {
    this.#api = api
    this.#open = open
    this.#viewer = viewer
    this.#source = new PhotoSource(byId('verify-source'), {
      many: false,
      facing: 'environment',
      guide: false,
      watch: { every: LOOK_MS, look: (frame, signal) => this.#look(frame, signal) },
      kind: 'proofs',
      room: () => 1,
      onphoto: photo => this.#use(photo),
      onreset: () => this.#forgetPhoto()
    })
    byId('verify-form').addEventListener('submit', event => {
      event.preventDefault()
      this.#submit()
    })
    byId('verify-clear').addEventListener('click', () => this.#clear())
    byId('verify-task').addEventListener('change', () => this.#describeTask())
  }

  async show (user) {
    if (user !== undefined) byId('verify-name').value = user
    await Promise.all([this.#loadTasks(), this.#suggestUsers()])
  }

  hide () {
    this.#source.close()
  }

  offer () {
    this.#source.setNote(this.#viewer.privacyNote('proofs'))
  }

  /** The person has to be in the photo as well as the task. */
  async #look (frame, signal) {
    const { hint } = await this.#api.hint(frame, {}, signal)
    return { words: hint === 'no_face' ? text('verify.noFace') : '', ready: false }
  }

  async #loadTasks () {
    const result = byId('verify-result')
    const select = byId('verify-task')
    const chosen = select.value
    try {
      this.#tasks = (await this.#api.tasks()).tasks
      if (result.querySelector('[data-of=tasks]')) fill(result)
    } catch (error) {
      this.#tasks = []
      const place = element('div', { 'data-of': 'tasks' })
      fill(result, place)
      showError(place, error, this.#api.base, () => this.#loadTasks())
    }
    fill(
      select,
      element('option', { value: '' }, text(this.#tasks.length > 0 ? 'verify.chooseTask' : 'verify.noTasks')),
      this.#tasks.map(option)
    )
    select.value = this.#tasks.some(task => task.available && task.name === chosen) ? chosen : ''
    this.#describeTask()
  }

  /** Names to pick from; only a help, so a server that keeps its list to itself is no error. */
  async #suggestUsers () {
    if (!this.#viewer.isOperator) return fill(byId('known-users'))
    const { users } = await this.#api.users(undefined, 200).catch(() => ({ users: [] }))
    fill(byId('known-users'), users.map(user => element('option', { value: user.username })))
  }

  #describeTask () {
    const task = this.#tasks.find(task => task.name === byId('verify-task').value)
    const rules = task?.rules.filter(rule => rule.active) ?? []
    byId('task-note').textContent = rules.map(rule => `${rule.description}.`).join(' ')
  }

  #use (photo) {
    this.#forgetPhoto()
    this.#photo = { ...photo, url: URL.createObjectURL(photo.blob) }
    this.#source.show(this.#photo.url)
    byId('verify-submit').focus({ preventScroll: true })
  }

  /** Another photo, or none: the verdict on the last one goes, and so does its upload. */
  #forgetPhoto () {
    this.#sending?.abort()
    this.#sending = null
    if (this.#photo !== null) URL.revokeObjectURL(this.#photo.url)
    this.#photo = null
    fill(byId('verdict'))
  }

  #clear () {
    byId('verify-form').reset()
    this.#source.reset()
    fill(byId('verify-result'))
    this.#describeTask()
    byId('verify-name').focus()
  }

  /** `challenge`: id of one that the user has just passed. */
  async #submit (challenge) {
    const name = byId('verify-name')
    const task = byId('verify-task')
    const result = byId('verify-result')
    await this.#source.settled()
    if (byId('verify-submit').disabled) return
    const missing = [
      [name.value.trim() === '', 'verify.nameMissing', name],
      [task.value === '', 'verify.taskMissing', task],
      [this.#photo === null, 'verify.photoMissing']
    ].find(([isMissing]) => isMissing)
    if (missing !== undefined) {
      tell(result, notice('problem', '', text(missing[1])))
      missing[2]?.focus()
      return
    }
    fill(result)
    fill(byId('verdict'))
    const photo = this.#photo
    const sending = this.#sending = new AbortController()
    this.#source.show(photo.url)
    const request = { username: name.value, task: task.value, title: task.selectedOptions[0].label, photo }
    try {
      const answer = await sendWithProgress(byId('verify-submit'), byId('verify-progress'), sending,
        options => this.#api.verify(request.username, request.task, photo, { ...options, challenge }))
      this.#showVerdict(answer, request)
    } catch (error) {
      showError(
        result,
        error,
        this.#api.base,
        () => this.#submit(),
        error.body?.error === 'user_not_found' && this.#enrolInstead(request.username)
      )
    }
  }

  #enrolInstead (name) {
    return element(
      'button',
      { type: 'button', class: 'button small', onclick: () => this.#open('enrol', name) },
      text('verify.enrolInstead', { user: name })
    )
  }

  #showVerdict (answer, request) {
    const verdict = byId('verdict')
    const { isOperator: operator, seesScores: scores } = this.#viewer
    this.#source.showMarked(markedPhoto(request.photo.url, answer, { scores: operator }))
    fill(verdict, verdictCard(answer, request, { api: this.#api, operator, scores, onnext: () => this.#next() }))
    announce(`${text(`verify.${answer.status}`)}. ${verdictWords(answer, request)}`)
    verdict.focus({ preventScroll: true })
    if (answer.next === 'challenge') fill(byId('verify-result'), this.#challengeButton(request.username))
    byId('verify-form').scrollIntoView({ block: 'start' })
  }

  /** The photo alone does not decide; a head that moves does. */
  #challengeButton (username) {
    return element('button', {
      type: 'button',
      class: 'button primary',
      onclick: async () => {
        try {
          const { runChallenge } = await import('./challenge.js')
          const passed = await runChallenge(this.#api, username)
          if (passed !== null) this.#submit(passed)
        } catch (error) {
          showError(byId('verify-result'), error, this.#api.base, () => location.reload())
        }
      }
    }, text('challenge.offer'))
  }

  /** The same person goes on with another photo. */
  #next () {
    this.#source.reset()
    byId('verify-source').querySelector('button').focus()
  }
}

function option (task) {
  const label = task.available
    ? task.title
    : text(task.reason ? 'verify.unavailable' : 'verify.unavailableNoReason', {
      title: task.title,
      reason: task.reason
    })
  return element('option', { value: task.name, disabled: !task.available }, label)
}
