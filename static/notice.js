/** Says in words how a request goes: how far it is, what went well, what went wrong. */
import { announce, element, fill } from './dom.js'
import { clock, percent, text, textOr } from './language.js'

/** Waits up to this long are shown in seconds, longer ones as the time of the day. */
const SECONDS_TOLD = 60

/** What to do again once the key that was missing is there, by the place that shows the error. */
const interrupted = new Map()

/**
 * One upload at a time: calls `send({ onprogress, signal })` while `button` is disabled and `place` shows the progress;
 * `stop` aborts it.
 * @returns what `send` gives; throws what it throws
 */
export async function sendWithProgress (button, place, stop, send) {
  const bar = element('progress', { max: 1, value: 0 })
  const words = element('span')
  const label = element('label', { class: 'sending' }, words, bar)
  fill(
    place,
    label,
    element('button', { type: 'button', class: 'button small', onclick: () => stop.abort() }, text('common.cancel'))
  )
  button.disabled = true

  const onprogress = share => {
    words.textContent = share < 1 ? text('common.uploading', { percent: percent(share) }) : text('common.thinking')
    if (share < 1) bar.value = share
    else bar.removeAttribute('value')
  }
  onprogress(0)
  announce(text('common.thinking'))
  try {
    return await send({ onprogress, signal: stop.signal })
  } finally {
    button.disabled = false
    fill(place)
  }
}

/** What happened and what to do, in words, for anything that may be thrown. */
export function explain (error, base) {
  if (isMissingFile(error)) return text('errors.notLoaded')
  if (error.kind === undefined) return text('errors.unexpected', { detail: error.message })
  if (error.kind === 'http') return explainRefusal(error)
  if (error.kind === 'timeout') return text('errors.timeout', { seconds: error.seconds })
  if (error.kind === 'foreign') return text('errors.notJson', { base, status: String(error.status) })
  if (!navigator.onLine && !isLocal(base)) return text('errors.offline')
  if (new URL(base).origin !== location.origin) return text('errors.crossOrigin', { base, origin: location.origin })
  return text('errors.network', { base })
}

/** Codes that people meet have words of their own; the sentence of the service stands in for the rest. */
function explainRefusal ({ body, message, retryAfter }) {
  const code = `errors.codes.${body.error}`
  const words = textOr('errors.other', code, { detail: message })
  return retryAfter === null ? words : `${words} ${wait(retryAfter)}`
}

function wait (seconds) {
  return seconds <= SECONDS_TOLD
    ? text('errors.retryAfter', { count: seconds })
    : text('errors.retryAt', { time: clock(Date.now() + seconds * 1000) })
}

/**
 * Shows an error in words with its request id; `retry` adds a button, unless trying again is useless before a time that
 * the words tell. A request that the person stopped is no error.
 */
export function showError (place, error, base, retry, ...more) {
  if (error.kind === 'aborted') {
    fill(place)
    announce(text('common.stopped'))
    return
  }
  if (error.status === 401 && retry !== undefined) interrupted.set(place, retry)
  const requestId = error.body?.requestId
  const inVain = error.status === 401 || error.retryAfter > SECONDS_TOLD
  tell(
    place,
    notice(
      'problem',
      title(error),
      explain(error, base),
      requestId && element('p', { class: 'fine' }, text('errors.requestId', { id: requestId })),
      ...more,
      retry &&
        !inVain &&
        element('button', { type: 'button', class: 'button small', onclick: retry }, text('common.retry'))
    )
  )
}

/** Does again what a missing key interrupted. */
export function resumeInterrupted () {
  const retries = [...interrupted]
  interrupted.clear()
  for (const [place, retry] of retries) {
    fill(place)
    retry()
  }
}

export function forgetInterrupted () {
  interrupted.clear()
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
  if (status === 429) return text('errors.titles.wait')
  if (body?.error === 'overloaded' || kind === 'timeout') return text('errors.titles.busy')
  return text(kind === 'network' ? 'errors.titles.connection' : 'errors.title')
}

/** Browsers say it in words of their own, all with this one, when a file of the page cannot be fetched. */
function isMissingFile (error) {
  return error instanceof TypeError && /\bmodule\b/.test(error.message)
}

function isLocal (base) {
  return /^(localhost|127\.|\[::1\])/.test(new URL(base).hostname)
}
