/** The users view: who is enrolled, with what; deletion with confirmation. */
import { announce, byId, element, fill, icon } from './dom.js'
import { date, day, number, text } from './language.js'
import { notice, showError } from './notice.js'

export class UsersView {
  #api
  #open
  #viewer
  #cursor = null
  #loading = 0

  /** `open(view, user)` goes to another view. */
  constructor (api, open, viewer) {
    this.#api = api
    this.#open = open
    this.#viewer = viewer
    byId('users-reload').addEventListener('click', () => this.#load(null))
    byId('users-more').addEventListener('click', () => this.#load(this.#cursor))
  }

  async show () {
    await this.#load(null)
  }

  hide () {}

  /** Fetches a page; without a cursor the first one, in place of what is shown. */
  async #load (cursor) {
    const list = byId('user-list')
    const result = byId('users-result')
    const loading = ++this.#loading
    try {
      const page = await this.#api.users(cursor)
      if (loading !== this.#loading) return
      fill(result)
      if (cursor === null) fill(list)
      list.append(...page.users.map(user => this.#row(user)))
      this.#cursor = page.next
      byId('users-more').hidden = page.next === null
      byId('user-count').textContent = number(page.total)
      if (page.total === 0) fill(result, notice('plain', '', text('users.empty'), element('button', { type: 'button', class: 'button small', onclick: () => this.#open('enrol') }, text('users.enrolFirst'))))
    } catch (error) {
      showError(result, error, this.#api.base, () => this.#load(cursor))
    }
  }

  #row (user) {
    const body = element('div', { class: 'user-detail' })
    const fold = element('details', {},
      element('summary', {},
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, [...user.username][0].toLocaleUpperCase()),
        element('span', { class: 'user-name' }, user.username),
        element('span', { class: 'user-meta' }, `${text('users.shots', { count: user.shots })} · ${day(user.updatedAt)}`)),
      body)
    fold.addEventListener('toggle', () => { if (fold.open && body.childElementCount === 0) this.#detail(body, user.username) })
    const row = element('li', { class: 'user' }, fold, this.#viewer.may('admin') && element('button', {
      type: 'button', class: 'button small danger-quiet', 'aria-label': text('users.deleteLabel', { user: user.username }), onclick: () => this.#delete(user, row)
    }, text('users.delete')))
    return row
  }

  async #detail (place, name) {
    try {
      const user = await this.#api.user(name)
      fill(place,
        user.reenrolRequired && notice('plain', '', text('users.reenrol')),
        element('dl', { class: 'facts' },
          element('div', {}, element('dt', {}, text('users.created')), element('dd', {}, date(user.createdAt))),
          element('div', {}, element('dt', {}, text('users.model')), element('dd', {}, user.model)),
          element('div', {}, element('dt', {}, text('users.shotDates')), element('dd', {}, element('ol', {}, user.shotDates.map(taken => element('li', {}, date(taken))))))),
        element('button', { type: 'button', class: 'button small', onclick: () => this.#open('verify', name) }, icon('verify'), text('users.verify')))
    } catch (error) {
      showError(place, error, this.#api.base, () => this.#detail(place, name))
    }
  }

  async #delete (user, row) {
    if (!await confirmed(text('users.deleteTitle', { user: user.username }), text('users.deleteText', { count: user.shots }))) return
    const result = byId('users-result')
    const button = row.querySelector(':scope > button')
    button.disabled = true
    try {
      const { erased } = await this.#api.deleteUser(user.username)
      await this.#load(null)
      const words = text('users.deleted', {
        user: user.username,
        shots: text('users.shots', { count: erased.shots }),
        verifications: text('users.verifications', { count: erased.verifications })
      })
      result.prepend(notice('good', '', words))
      announce(words)
      byId('users-reload').focus()
    } catch (error) {
      button.disabled = false
      showError(result, error, this.#api.base, () => this.#delete(user, row))
    }
  }
}

/** Asks in a dialog; Escape and Cancel mean no. */
function confirmed (title, words) {
  const dialog = byId('delete-dialog')
  byId('delete-title').textContent = title
  byId('delete-text').textContent = words
  dialog.returnValue = 'cancel'
  dialog.showModal()
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true }))
}
