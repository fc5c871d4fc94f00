/** Who looks at the page: an operator sees scores, evidence and every view; a person sees what to do next. */
import { byId, element, icon } from './dom.js'
import { text } from './language.js'

export class Viewer {
  #api
  #onchange
  /** The answer of /api/me; null while it is unknown, or of a service that has none. */
  #me = null
  #asPerson = new URLSearchParams(location.search).get('view') === 'person'

  /** `onchange` is called when another view is due. */
  constructor (api, onchange) {
    this.#api = api
    this.#onchange = onchange
    byId('as-person').checked = this.#asPerson
    byId('as-person').addEventListener('change', ({ target }) => {
      this.#asPerson = target.checked
      this.#show()
    })
  }

  /** Asks the service what this key may do. */
  async load () {
    this.#me = await this.#api.me().catch(() => null)
    this.#show()
  }

  /** What a key may do is unknown until the service has answered; until then its refusals count. */
  may (scope) {
    return this.#me === null || this.#me.scopes.includes(scope) || this.#me.scopes.includes('admin')
  }

  get isOperator () {
    return this.may('read') && !this.#asPerson
  }

  /** False: answers carry no scores. */
  get seesScores () {
    return this.#me === null || this.#me.scores
  }

  /** Name of the key; null: none was needed, or it is unknown. */
  get key () {
    return this.#me?.key ?? null
  }

  /** What the service keeps of people; null when it does not say. */
  get privacy () {
    return this.#me?.privacy ?? null
  }

  /**
   * What the service keeps of a person, in words, for before the camera opens. `kind`: `enrol` or `proofs`, the photos
   * that are about to be taken. Null when the service does not say what it keeps.
   */
  privacyNote (kind) {
    const { privacy } = this
    if (privacy === null) return null
    const words = [
      text(`privacy.${kind}`),
      text(privacy.photos[kind] ? 'privacy.kept' : 'privacy.notKept'),
      ...reviewNotes(privacy, kind),
      privacy.retentionDays === null
        ? text('privacy.noLimit')
        : text('privacy.removed', { count: privacy.retentionDays }),
      text('privacy.hints')
    ]
    const erase = this.isOperator
      ? element('a', { href: '#/users' }, text('privacy.erase'))
      : text('privacy.eraseAsk')
    return element('div', { class: 'privacy' }, icon('verify'),
      element('p', {}, words.join(' ')), element('p', {}, erase))
  }

  /** Whether a view of the page is of use to this viewer. */
  offers (view) {
    if (view === 'enrol') return this.may('enrol')
    if (view === 'verify') return this.may('verify')
    // A tab that only some services have waits until this one has said that it does.
    if (view === 'reviews') return this.#me?.offers?.reviews === true && this.may('review') && !this.#asPerson
    if (view === 'teaching') return this.#me?.offers?.teaching === true && this.may('admin') && !this.#asPerson
    return this.isOperator
  }

  #show () {
    document.documentElement.dataset.view = this.isOperator ? 'operator' : 'person'
    byId('view-switch').hidden = this.#me === null || !this.may('read')
    this.#onchange()
  }
}

/** Photos that a person looks at are kept longer, whatever else is kept. */
function reviewNotes ({ reviews }, kind) {
  if (reviews === null) return []
  if (kind !== 'proofs' || reviews.keptDays === 0) return [text('privacy.reviewed')]
  return [text('privacy.reviewed'), text('privacy.reviewedKept', { count: reviews.keptDays })]
}
