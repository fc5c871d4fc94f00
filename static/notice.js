/** Says in words what went well or wrong. */
import { announce, element, fill } from './dom.js'
import { text } from './language.js'

/** What happened and what to do, in words, for anything that may be thrown. */
export function explain (error, base) {
  if (error.kind === undefined) return text('errors.unexpected', { detail: error.message })
  if (error.kind === 'http') {
    if (error.status === 401) return `${error.message} ${text('errors.unauthorised')}`
    return error.retryAfter === null ? error.message : `${error.message} ${text('errors.retryAfter', { count: error.retryAfter })}`
  }
  if (error.kind === 'timeout') return text('errors.timeout', { seconds: error.seconds })
  if (error.kind === 'foreign') return text('errors.notJson', { base, status: String(error.status) })
  if (!navigator.onLine && !isLocal(base)) return text('errors.offline')
  if (new URL(base).origin !== location.origin) return text('errors.crossOrigin', { base, origin: location.origin })
  return text('errors.network', { base })
}

/** Shows an error in words with its request id; `retry` adds a button. A request that the person stopped is no error. */
export function showError (place, error, base, retry) {
  if (error.kind === 'aborted') {
    fill(place)
    announce(text('common.stopped'))
    return
  }
  const requestId = error.body?.requestId
  tell(place, notice('problem', title(error), explain(error, base),
    requestId && element('p', { class: 'fine' }, text('errors.requestId', { id: requestId })),
    retry && element('button', { type: 'button', class: 'button small', onclick: retry }, text('common.retry'))))
}

/** Shows a message where it can be seen, also when the place is below the edge of the screen. */
export function tell (place, message) {
  fill(place, message)
  place.scrollIntoView({ block: 'nearest' })
}

/** A boxed message. tone: `problem` (read out at once), `good` or `plain`. */
export function notice (tone, title, words, ...more) {
  return element('div', { class: `notice ${tone}`, role: tone === 'problem' ? 'alert' : 'status' },
    title && element('p', { class: 'notice-title' }, title), element('p', {}, words), ...more)
}

function title ({ kind, status, body }) {
  if (status === 401) return text('errors.titles.key')
  if (status === 429 || body?.error === 'overloaded' || kind === 'timeout') return text('errors.titles.busy')
  return text(kind === 'network' ? 'errors.titles.connection' : 'errors.title')
}

function isLocal (base) {
  return /^(localhost|127\.|\[::1\])/.test(new URL(base).hostname)
}
