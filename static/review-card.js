/** One review: the photo with what the machine saw, its words, and what a person can do. */
import { element, fill, icon } from './dom.js'
import { date, number, text, textOr } from './language.js'
import { notice } from './notice.js'
import { markedPhoto } from './overlay.js'
import { checkList } from './verdict.js'

/**
 * @param review an answer of /api/reviews/:id
 * @param titles titles of the tasks by their names
 * @param actions what a person can do by name: { key, label, run, kind, disabled }
 * @returns the card, and the field of its note
 */
export function reviewCard (review, { api, scores, titles, actions }) {
  const note = element('textarea', {
    id: 'review-note',
    rows: 2,
    maxlength: 2000,
    'aria-describedby': 'review-note-hint'
  })
  const card = element(
    'article',
    { class: 'review workbench', tabindex: '-1', 'aria-labelledby': 'review-title' },
    element('div', { class: 'stage-column' }, stage(review, api, scores)),
    element(
      'div',
      { class: 'side-column' },
      element('h3', { id: 'review-title' }, text(`reviews.reasons.${review.reason}`)),
      element('p', {}, text(`reviews.asks.${review.reason}`)),
      facts(review, titles),
      review.statement && quote(text('reviews.statement'), review.statement),
      duplicates(review, scores),
      review.decisions.map(earlier),
      review.machine.checks && machineWords(review.machine, scores),
      element('div', { class: 'field' },
        element('label', { for: 'review-note' }, text('reviews.note')),
        note,
        element('small', { id: 'review-note-hint' }, text('reviews.noteHint'))),
      element('div', { class: 'actions' }, actions.map(actionButton))
    )
  )
  return { card, note }
}

/** A button with its key; the key is part of what eyes see, and announced to screen readers on its own. */
export function actionButton ({ key, label, run, kind = '', disabled = false }) {
  return element('button', {
    type: 'button',
    class: `button ${kind}`,
    'aria-keyshortcuts': key.toUpperCase(),
    disabled,
    onclick: run
  }, label, element('kbd', { 'aria-hidden': 'true' }, key.toUpperCase()))
}

/** The photo comes with the key, so that it is fetched and shown as an object of this page. */
function stage ({ links, machine, user }, api, scores) {
  const place = element('div', { class: 'review-photo' }, notice('plain', '', text('reviews.noPhoto')))
  if (links.photo === undefined) return place
  fill(place, element('p', { class: 'fine' }, text('reviews.photoLoading')))
  api.photo(links.photo).then(blob => {
    const url = URL.createObjectURL(blob)
    const drawn = machine.checks !== undefined && machine.photo !== undefined
    const figure = drawn
      ? markedPhoto(url, { ...machine, user }, { scores })
      : element('figure', { class: 'proof' }, element('img', { src: url, alt: text('reviews.photoAlt', { user }) }))
    const image = figure.querySelector('img')
    image.addEventListener('load', () => URL.revokeObjectURL(url), { once: true })
    image.addEventListener('error', () => fill(place, notice('problem', '', text('reviews.photoFailed'))))
    fill(place, figure)
  }, () => fill(place, notice('problem', '', text('reviews.photoFailed'))))
  return place
}

function facts ({ user, task, createdAt, expiresAt, key, machine }, titles) {
  const fact = (name, value) => element('div', {}, element('dt', {}, text(name)), element('dd', {}, value))
  return element('dl', { class: 'facts' },
    fact('reviews.user', user),
    task !== null && fact('reviews.task', titles.get(task) ?? task),
    machine.status && fact('reviews.machine', text(`verify.${machine.status}`)),
    fact('reviews.asked', date(createdAt)),
    fact('reviews.expires', date(expiresAt)),
    key !== null && fact('reviews.key', key))
}

function machineWords (machine, scores) {
  return element('section', { 'aria-labelledby': 'review-machine' },
    element('h4', { id: 'review-machine' }, text('reviews.machineWords')), checkList(machine, scores))
}

function duplicates ({ reason, possible_duplicates: count, duplicates: people }, scores) {
  if (reason !== 'possible_duplicate') return null
  if (people === undefined) return notice('plain', '', text('users.duplicates', { count }))
  return element('ul', { class: 'reasons' }, people.map(({ user, similarity }) =>
    element('li', {}, similarity === null || !scores ? user : `${user} ${number(similarity, 2)}`)))
}

/** What another reviewer said before. */
function earlier ({ decision, note, key, at }) {
  const words = text(`reviews.said.${decision}`, { reviewer: key ?? text('reviews.somebody'), time: date(at) })
  return note === null ? notice('plain', '', words) : quote(words, note)
}

function quote (title, words) {
  return element('figure', { class: 'quote' },
    element('figcaption', { class: 'fine' }, title), element('blockquote', {}, words))
}

/** Words for a review that is not open any more. */
export function closedWords ({ state, user }) {
  return textOr('reviews.closed.other', `reviews.closed.${state}`, { user })
}

export function emptyState (seconded, onreload) {
  return element('div', { class: 'review-empty' },
    icon('check'),
    element('h3', { tabindex: '-1' }, text('reviews.empty')),
    element('p', {}, seconded === 0 ? text('reviews.emptyText') : text('reviews.seconded', { count: seconded })),
    element('button', { type: 'button', class: 'button', onclick: onreload }, text('common.reload')))
}
