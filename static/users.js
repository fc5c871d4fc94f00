/** The users view: who is enrolled, with what; deletion with confirmation. */
import { announce, byId, element, fill, icon } from './dom.js'
import { date, day, number, text } from './language.js'
import { notice, showError } from './notice.js'

const orders = {
  name: () => 0,
  newest: (one, other) => other.updatedAt.localeCompare(one.updatedAt),
  shots: (one, other) => other.shots - one.shots
}

export class UsersView {
  #api
  #open
  #viewer
  #cursor = null
  #loading = 0
  /** Those that were fetched, in order of their names. */
  #users = []

  /** `open(view, user)` goes to another view. */
  constructor (api, open, viewer) {
    this.#api = api
    this.#open = open
    this.#viewer = viewer
    byId('users-reload').addEventListener('click', () => this.#load(null))
    byId('users-more').addEventListener('click', () => this.#load(this.#cursor))
    byId('users-search').addEventListener('input', () => this.#search())
    byId('users-sort').addEventListener('change', () => this.#search())
  }

  async show () {
    await this.#load(null)
  }

  hide () {}

  /** Fetches a page; without a cursor the first one, in place of what is shown. */
  async #load (cursor) {
    const result = byId('users-result')
    const loading = ++this.#loading
    try {
      const page = await this.#api.users(cursor)
      if (loading !== this.#loading) return
      fill(result)
      this.#users = cursor === null ? page.users : [...this.#users, ...page.users]
      this.#cursor = page.next
      byId('users-more').hidden = page.next === null
      this.#render()
      byId('user-count').textContent = number(page.total)
      if (page.total === 0) {
        fill(
          result,
          notice(
            'plain',
            '',
            text('users.empty'),
            element(
              'button',
              { type: 'button', class: 'button small', onclick: () => this.#open('enrol') },
              text('users.enrolFirst')
            )
          )
        )
      }
    } catch (error) {
      showError(result, error, this.#api.base, () => this.#load(cursor))
    }
  }

  /** A search, and any order but that of the names, needs every user. */
  async #search () {
    while (this.#cursor !== null && (byId('users-search').value.trim() !== '' || byId('users-sort').value !== 'name')) {
      const before = this.#cursor
      await this.#load(before)
      if (this.#cursor === before) return
    }
    this.#render()
  }

  #render () {
    const asked = byId('users-search').value.trim().toLocaleLowerCase()
    const users = this.#users
      .filter(({ username }) => username.toLocaleLowerCase().includes(asked))
      .sort(orders[byId('users-sort').value])
    fill(byId('user-list'), users.map(user => this.#row(user)))
    if (asked !== '') fill(byId('users-result'), users.length === 0 && notice('plain', '', text('users.noMatch')))
  }

  #row (user) {
    const body = element('div', { class: 'user-detail' })
    const fold = element(
      'details',
      {},
      element(
        'summary',
        {},
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, [...user.username][0].toLocaleUpperCase()),
        element('span', { class: 'user-name' }, user.username),
        element(
          'span',
          { class: 'user-meta' },
          `${text('users.shots', { count: user.shots })} · ${day(user.updatedAt)}`
        )
      ),
      body
    )
    fold.addEventListener('toggle', () => {
      if (fold.open && body.childElementCount === 0) this.#detail(body, user.username)
    })
    const row = element(
      'li',
      { class: 'user' },
      fold,
      this.#viewer.may('admin') &&
        element(
          'button',
          {
            type: 'button',
            class: 'button small danger-quiet',
            'aria-label': text('users.deleteLabel', { user: user.username }),
            onclick: () => this.#delete(user, row)
          },
          text('users.delete')
        )
    )
    return row
  }

  async #detail (place, name) {
    try {
      const user = await this.#api.user(name)
      fill(
        place,
        user.reenrolRequired && notice('plain', '', text('users.reenrol')),
        user.possible_duplicates > 0 &&
          notice(
            'problem',
            '',
            user.duplicates === undefined
              ? text('users.duplicates', { count: user.possible_duplicates })
              : text('users.duplicatesNamed', { names: user.duplicates.join(', ') })
          ),
        element(
          'dl',
          { class: 'facts' },
          element('div', {}, element('dt', {}, text('users.created')), element('dd', {}, date(user.createdAt))),
          element('div', {}, element('dt', {}, text('users.model')), element('dd', {}, user.model))
        ),
        element('h3', {}, text('users.shotDates')),
        element(
          'ol',
          { class: 'shot-list' },
          user.shotList.map((shot, index) => this.#shot(place, name, shot, index + 1))
        ),
        element(
          'div',
          { class: 'actions' },
          element(
            'button',
            { type: 'button', class: 'button small', onclick: () => this.#open('verify', name) },
            icon('verify'),
            text('users.verify')
          ),
          this.#viewer.may('enrol') &&
            element(
              'button',
              { type: 'button', class: 'button small', onclick: () => this.#open('enrol', name) },
              icon('enrol'),
              text('users.addShots')
            ),
          element(
            'button',
            { type: 'button', class: 'button small', onclick: () => this.#open('history', name) },
            icon('history'),
            text('history.tab')
          )
        )
      )
    } catch (error) {
      showError(place, error, this.#api.base, () => this.#detail(place, name))
    }
  }

  /** Date, how well it fits the others, and a button unless it is of the first enrolment. */
  #shot (place, name, shot, position) {
    return element(
      'li',
      {},
      element('span', {}, date(shot.createdAt)),
      shot.agreement !== null &&
        element('span', { class: 'fine' }, text('users.agreement', { score: number(shot.agreement, 2) })),
      shot.anchor && element('span', { class: 'fine' }, text('users.anchor')),
      !shot.anchor &&
        this.#viewer.may('admin') &&
        element(
          'button',
          {
            type: 'button',
            class: 'button small danger-quiet',
            'aria-label': text('users.removeShotLabel', { number: position, user: name }),
            onclick: () => this.#removeShot(place, name, shot)
          },
          text('users.removeShot')
        )
    )
  }

  async #removeShot (place, name, shot) {
    try {
      await this.#api.removeShot(name, shot.id)
      announce(text('users.shotRemoved'))
      await this.#detail(place, name)
    } catch (error) {
      showError(byId('users-result'), error, this.#api.base, () => this.#removeShot(place, name, shot))
    }
  }

  async #delete (user, row) {
    if (
      !(await confirmed(
        text('users.deleteTitle', { user: user.username }),
        text('users.deleteText', { count: user.shots })
      ))
    ) { return }
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
  return new Promise(resolve =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true })
  )
}
