/** One upload at a time: progress bar, cancel button, and no second submission while the first runs. */
import { announce, element, fill } from './dom.js'
import { percent, text } from './language.js'

/**
 * Calls `send({ onprogress, signal })` while `button` is disabled and `place` shows the progress; `stop` aborts it.
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
