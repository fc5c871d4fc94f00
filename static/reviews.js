/** The reviews view: what the machine leaves to a person, one after the other, worked by keyboard. */
import { announce, byId, element, fill } from './dom.js'
import { number, text } from './language.js'
import { explain, notice, showError } from './notice.js'
import { actionButton, closedWords, emptyState, reviewCard } from './review-card.js'
import { Decisions, UNDO_SECONDS } from './review-decisions.js'

const PAGE = 50
const MESSAGES = 3
const EMPTY_RELOAD_MS = 30_000
/** Longer times overflow a timer; the service closes such reviews anyway. */
const MAX_TIMER_MS = 2 ** 31 - 1

export class ReviewsView {
  #api
  #viewer
  #decisions
  #titles = new Map()
  /** Open reviews that this reviewer has not approved, oldest first. */
  #queue = []
  #cursor = null
  /** How many wait for another reviewer than this one. */
  #seconded = 0
  #current = null
  #note = null
  #loading = 0
  /** Until the shown review expires, or the empty queue is asked for again. */
  #timer = null
  #tick = null

  constructor (api, viewer) {
    this.#api = api
    this.#viewer = viewer
    this.#decisions = new Decisions(api)
    this.#decisions.addEventListener('change', () => this.#showWaiting())
    this.#decisions.addEventListener('sent', ({ detail }) => this.#sent(detail))
    this.#decisions.addEventListener('refused', ({ detail }) => this.#refused(detail))
    fill(byId('reviews'), frame(() => this.#reload()))
    for (const id of ['reviews', 'tab-reviews']) byId(id).addEventListener('keydown', event => this.#press(event))
  }

  async show () {
    const { tasks } = await this.#api.tasks().catch(() => ({ tasks: [] }))
    this.#titles = new Map(tasks.map(({ name, title }) => [name, title]))
    await this.#reload()
  }

  /** Whoever leaves has made up their mind. */
  hide () {
    this.#decisions.sendAll()
    clearTimeout(this.#timer)
  }

  resume () {
    if (this.#current === null) this.#reload()
    else this.#watchExpiry(this.#current)
  }

  async #reload () {
    fill(byId('reviews-result'))
    this.#queue = []
    this.#seconded = 0
    this.#cursor = null
    await this.#fetchPage()
  }

  /** A page of the queue, and its first review. */
  async #fetchPage () {
    const loading = ++this.#loading
    try {
      const query = { state: 'open', limit: PAGE, ...(this.#cursor !== null && { cursor: this.#cursor }) }
      const { reviews, next } = await this.#api.reviews(query)
      if (loading !== this.#loading) return
      const mine = reviews.filter(review => review.decisions.some(({ key }) => key === this.#viewer.key))
      this.#seconded += mine.length
      this.#queue.push(...reviews.filter(review => !mine.includes(review) && !this.#decisions.has(review.id)))
      this.#cursor = next
      await this.#showFirst()
    } catch (error) {
      if (loading !== this.#loading) return
      fill(byId('review-place'))
      showError(byId('reviews-result'), error, this.#api.base, () => this.#fetchPage())
    }
  }

  async #showFirst () {
    clearTimeout(this.#timer)
    this.#current = null
    this.#count()
    const [first] = this.#queue
    if (first === undefined && this.#cursor !== null) return this.#fetchPage()
    if (first === undefined) return this.#showEmpty()
    const loading = ++this.#loading
    try {
      const review = await this.#api.review(first.id)
      if (loading !== this.#loading) return
      if (review.state === 'open') this.#showReview(review)
      else this.#skipClosed(closedWords(review))
    } catch (error) {
      if (loading !== this.#loading) return
      if (error.status === 404) return this.#skipClosed(closedWords({ state: 'gone', user: first.user }))
      fill(byId('review-place'))
      showError(byId('reviews-result'), error, this.#api.base, () => this.#showFirst())
    }
  }

  #showReview (review) {
    const { card, note } = reviewCard(review, {
      api: this.#api,
      scores: this.#viewer.seesScores,
      titles: this.#titles,
      actions: this.#actions()
    })
    this.#current = review
    this.#note = note
    fill(byId('review-place'), card)
    focusUnlessElsewhere(card)
    this.#watchExpiry(review)
  }

  #watchExpiry ({ user, expiresAt }) {
    clearTimeout(this.#timer)
    const left = Date.parse(expiresAt) - Date.now()
    if (left > MAX_TIMER_MS) return
    this.#timer = setTimeout(() => this.#skipClosed(closedWords({ state: 'expired', user })), left)
  }

  #showEmpty () {
    const state = emptyState(this.#seconded, () => this.#reload())
    fill(byId('review-place'), state)
    focusUnlessElsewhere(state.querySelector('h3'))
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#reload(), EMPTY_RELOAD_MS)
  }

  /** Of the first review nothing is left to decide. */
  #skipClosed (words) {
    this.#queue.shift()
    this.#tell(notice('plain', '', words))
    this.#showFirst()
  }

  #actions () {
    return [
      { key: 'a', label: text('reviews.approve'), run: () => this.#decide('approve'), kind: 'primary' },
      { key: 'r', label: text('reviews.reject'), run: () => this.#decide('reject'), kind: 'danger-quiet' },
      { key: 's', label: text('reviews.later'), run: () => this.#later() },
      { key: 'n', label: text('reviews.toNote'), run: () => this.#note.focus(), kind: 'keys-only' }
    ]
  }

  #decide (decision) {
    if (this.#current === null) return
    this.#decisions.add(this.#current, decision, this.#note.value.trim())
    announce(text(`reviews.decided.${decision}`, { user: this.#current.user, count: UNDO_SECONDS }))
    this.#queue.shift()
    this.#showFirst()
  }

  /** To the end of the queue. */
  #later () {
    if (this.#current === null) return
    this.#queue.push(this.#queue.shift())
    this.#showFirst()
  }

  async #undo () {
    const entry = this.#decisions.undo()
    if (entry === null) return
    announce(text('reviews.undone', { user: entry.review.user }))
    await this.#putFirst(entry)
  }

  /** A review that has to be decided after all, with the note that was written. */
  async #putFirst ({ review, note }) {
    this.#queue.unshift(review)
    await this.#showFirst()
    if (this.#current?.id === review.id) this.#note.value = note
  }

  #sent ({ entry: { review }, state }) {
    if (state !== 'open') return
    this.#seconded++
    this.#tell(notice('plain', '', text('reviews.needsSecond', { user: review.user })))
  }

  #refused ({ entry, error }) {
    const user = entry.review.user
    if (error.body.error === 'replayed_photo') {
      this.#tell(notice('problem', '', text('reviews.usedMeanwhile', { user })))
      this.#putFirst(entry)
      return
    }
    this.#tell(notice('problem', text('reviews.notTaken', { user }), explain(error, this.#api.base)))
  }

  /** The last few messages, the newest first. */
  #tell (message) {
    fill(byId('reviews-result'), message, ...[...byId('reviews-result').children].slice(0, MESSAGES - 1))
  }

  /** What can be undone, with the seconds that are left, and what could not be sent. */
  #showWaiting () {
    clearInterval(this.#tick)
    this.#count()
    const { last, unsent } = this.#decisions
    fill(byId('review-unsent'))
    if (unsent.length > 0) {
      fill(byId('review-unsent'), notice(
        'problem',
        text('reviews.unsent', { count: unsent.length }),
        explain(unsent[0].error, this.#api.base),
        element('button', { type: 'button', class: 'button small', onclick: () => this.#decisions.retry() },
          text('common.retry'))
      ))
    }
    fill(byId('review-undo'))
    if (last === null) return
    const left = element('span', { class: 'fine', 'aria-hidden': 'true' })
    const count = () => {
      const seconds = Math.max(0, Math.ceil((last.due - Date.now()) / 1000))
      left.textContent = text('reviews.sentIn', { count: seconds })
    }
    count()
    this.#tick = setInterval(count, 1000)
    fill(byId('review-undo'),
      element('span', {}, text(`reviews.waits.${last.decision}`, { user: last.review.user })),
      left,
      actionButton({ key: 'u', label: text('reviews.undo'), kind: 'small', run: () => this.#undo() }))
  }

  #count () {
    byId('review-count').textContent = this.#queue.length === 0
      ? ''
      : `${number(this.#queue.length)}${this.#cursor === null ? '' : '+'}`
  }

  /** Letters work while the focus is in this view or on its tab, but not in its note, which Escape leaves. */
  #press (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target === this.#note) {
      if (event.key === 'Escape') byId('review-place').firstElementChild.focus()
      return
    }
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace('Key', '').toLowerCase()
    const run = letter === 'u' ? () => this.#undo() : this.#actions().find(({ key }) => key === letter)?.run
    if (run === undefined) return
    event.preventDefault()
    run()
  }
}

/** What is removed leaves the focus to the body; anywhere else it was put by the person. */
function focusUnlessElsewhere (node) {
  const { activeElement } = document
  if (activeElement === document.body || byId('reviews').contains(activeElement)) node.focus({ preventScroll: true })
}

function frame (onreload) {
  return [
    element('div', { class: 'heading-row' },
      element('h2', {}, text('reviews.title'), ' ', element('span', { id: 'review-count', class: 'count' })),
      element('button', { type: 'button', class: 'button small', onclick: onreload }, text('common.reload'))),
    element('p', { class: 'lead' }, text('reviews.lead')),
    element('div', { id: 'reviews-result', class: 'result' }),
    element('div', { id: 'review-unsent', class: 'result' }),
    element('div', { id: 'review-undo', class: 'review-undo' }),
    element('div', { id: 'review-place' })
  ]
}
