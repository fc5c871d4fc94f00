/** The history view: past verifications with filters, their photos where they are kept, and export. */
import { byId, element, fill, icon } from './dom.js'
import { date, number, text, textOr } from './language.js'
import { keptPhoto } from './kept-photo.js'
import { notice, showError } from './notice.js'

const COLUMNS = [
  'timestamp',
  'user',
  'task',
  'status',
  'reasons',
  'similarity',
  'liveness_score',
  'key',
  'id',
  'requestId',
  'photo'
]

export class HistoryView {
  #api
  #cursor = null
  #loading = 0
  #tasks = new Map()

  constructor (api) {
    this.#api = api
    byId('history-form').addEventListener('submit', event => {
      event.preventDefault()
      this.#load(null)
    })
    byId('history-more').addEventListener('click', () => this.#load(this.#cursor))
    byId('history-export').addEventListener('click', () => this.#export())
  }

  async show (user) {
    if (user !== undefined) byId('history-user').value = user
    await this.#loadTasks()
    await this.#load(null)
  }

  hide () {}

  /** Titles of the tasks; without them their names stand. */
  async #loadTasks () {
    const select = byId('history-task')
    const chosen = select.value
    const { tasks } = await this.#api.tasks().catch(() => ({ tasks: [] }))
    this.#tasks = new Map(tasks.map(({ name, title }) => [name, title]))
    fill(
      select,
      element('option', { value: '' }, text('history.all')),
      tasks.map(({ name, title }) => element('option', { value: name }, title))
    )
    select.value = chosen
  }

  /** What the form asks for. A day ends when the next one begins, where the person is. */
  #filter () {
    const value = name => byId(`history-${name}`).value.trim()
    const midnight = (day, days) => {
      const [year, month, date] = day.split('-').map(Number)
      return new Date(year, month - 1, date + days).toISOString()
    }
    return {
      ...(value('user') && { user: value('user') }),
      ...(value('task') && { task: value('task') }),
      ...(value('status') && { status: value('status') }),
      ...(value('from') && { from: midnight(value('from'), 0) }),
      ...(value('to') && { to: midnight(value('to'), 1) })
    }
  }

  async #load (cursor) {
    const result = byId('history-result')
    const list = byId('history-list')
    const loading = ++this.#loading
    try {
      const page = await this.#api.verifications({ ...this.#filter(), limit: 25, ...(cursor && { cursor }) })
      if (loading !== this.#loading) return
      fill(result)
      if (cursor === null) fill(list)
      list.append(...page.verifications.map(record => this.#row(record)))
      this.#cursor = page.next
      byId('history-more').hidden = page.next === null
      if (list.childElementCount === 0) fill(result, notice('plain', '', text('history.empty')))
    } catch (error) {
      if (loading !== this.#loading) return
      fill(list)
      byId('history-more').hidden = true
      showError(result, error, this.#api.base, () => this.#load(cursor))
    }
  }

  #row (record) {
    const user = record.user ?? text('history.erased')
    const good = record.status === 'approved'
    return element(
      'li',
      { class: `record ${record.status}` },
      element('span', { class: 'record-seal' }, icon(good ? 'check' : 'cross')),
      element(
        'div',
        { class: 'record-words' },
        element(
          'p',
          {},
          element('strong', {}, text(`verify.${record.status}`)),
          ` · ${user} · ${this.#tasks.get(record.task) ?? record.task}`
        ),
        element('p', { class: 'fine' }, date(record.timestamp)),
        record.reasons.length > 0 &&
          element(
            'p',
            { class: 'fine' },
            record.reasons
              .map(reason => textOr('verify.checkWords.other', `verify.checkWords.${reason}`, { detail: reason }))
              .join(' ')
          ),
        evidence(record)
      ),
      record.photo_url && element('button', {
        type: 'button',
        class: 'photo-button',
        onclick: () => this.#showEvidence(record, user)
      }, keptPhoto(this.#api, record.photo_url, text('history.open', { user })))
    )
  }

  async #showEvidence (record, user) {
    const { showEvidence } = await import('./evidence-dialog.js')
    await showEvidence(this.#api, record, `${text(`verify.${record.status}`)} · ${user} · ${date(record.timestamp)}`)
  }

  /** All records that the form asks for, page by page, as a file. */
  async #export () {
    const button = byId('history-export')
    button.disabled = true
    try {
      const lines = [COLUMNS.join(',')]
      let cursor = null
      do {
        const page = await this.#api.verifications({ ...this.#filter(), limit: 200, ...(cursor && { cursor }) })
        lines.push(...page.verifications.map(record => COLUMNS.map(name => csv(record[name])).join(',')))
        cursor = page.next
      } while (cursor !== null)
      const url = URL.createObjectURL(new Blob([lines.join('\r\n'), '\r\n'], { type: 'text/csv' }))
      element('a', { href: url, download: 'verifications.csv' }).click()
      setTimeout(() => URL.revokeObjectURL(url), 1000)
    } catch (error) {
      showError(byId('history-result'), error, this.#api.base, () => this.#export())
    } finally {
      button.disabled = false
    }
  }
}

/** The scores of a record, if it tells them. */
function evidence ({ similarity, liveness_score: liveness, evidence: kept }) {
  const scores = [['face', similarity], ['liveness', liveness], ['task', kept?.scene?.score ?? null]]
    .filter(([, score]) => score !== null)
  if (scores.length === 0) return null
  return element(
    'p',
    { class: 'fine' },
    scores.map(([name, score]) => `${text(`verify.checks.${name}`)} ${number(score, 2)}`).join(' · ')
  )
}

/** RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe. */
function csv (value) {
  const words = Array.isArray(value) ? value.join(' ') : String(value ?? '')
  const harmless = typeof value !== 'number' && /^[=+\-@\t\r]/.test(words) ? `'${words}` : words
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
