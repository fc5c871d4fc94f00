/** What a past verification rests on, drawn again over its kept photo. */
import { element, fill } from './dom.js'
import { text } from './language.js'
import { notice } from './notice.js'
import { markedPhoto } from './overlay.js'

/** Opens a dialog with the photo of a record; its evidence, where the record tells it, is drawn over it. */
export async function showEvidence (api, record, title) {
  const place = element('div', { class: 'evidence-photo' }, element('p', { class: 'fine' }, text('history.photoLoading')))
  const dialog = element('dialog', { class: 'evidence', 'aria-labelledby': 'evidence-title' },
    element('form', { method: 'dialog', class: 'heading-row' },
      element('h3', { id: 'evidence-title' }, title),
      element('button', { class: 'button small', autofocus: true }, text('common.close'))),
    place)
  document.body.append(dialog)
  let url = null
  dialog.addEventListener('close', () => {
    if (url !== null) URL.revokeObjectURL(url)
    dialog.remove()
  }, { once: true })
  dialog.showModal()
  try {
    url = URL.createObjectURL(await api.photo(record.photo_url))
    fill(place, picture(url, record))
  } catch {
    fill(place, notice('problem', '', text('history.photoFailed')))
  }
}

function picture (url, { evidence, user }) {
  if (evidence === undefined) return element('img', { src: url, alt: text('history.photo', { user }) })
  return markedPhoto(url, asAnswer(evidence, user), { scores: true })
}

/** The kept evidence as the parts of an answer that are drawn. */
function asAnswer ({ photo, face, detections }, user) {
  return {
    user,
    photo,
    checks: {
      face: { outcome: face?.outcome, faces: face === null ? [] : [{ ...face, subject: true }] },
      task: { detections: detections.map(detection => ({ ...detection, matched: true })) }
    }
  }
}
