/** Draws the boxes of a verdict on the proof photo. */
import { element } from './dom.js'
import { percent, text } from './language.js'

/** Share of the photo's height that a label needs. */
const EDGE = 0.08

/**
 * A figure of the photo with faces and detections. Boxes are x1, y1, x2, y2 in pixels of the upright photo of the size
 * `answer.photo`; they are drawn in per cent of it, so they fit the picture at any size.
 */
export function markedPhoto (url, answer) {
  const { face, task } = answer.checks
  const alt = text('verify.photoAlt', {
    faces: text('verify.faces', { count: face.faces.length }),
    detections: text('verify.detections', { count: task.detections.length })
  })
  const marks = [
    ...task.detections.map(detection => mark(detection.box, answer.photo, detection.matched ? 'detection matched' : 'detection', label(detection.label, detection.score))),
    ...face.faces.map(seen => mark(seen.box, answer.photo, seen.subject ? 'face subject' : 'face', label(text(seen.subject ? 'verify.subject' : 'verify.otherFace'), seen.similarity)))
  ]
  const picture = element('div', { class: 'marked-photo' }, element('img', { src: url, alt }), element('div', { class: 'marks', 'aria-hidden': 'true' }, marks))
  picture.style.setProperty('--ratio', answer.photo.width / answer.photo.height)
  const figure = element('figure', { class: 'proof' }, picture)
  figure.append(element('figcaption', {},
    layerSwitch(picture, 'faces', text('verify.showFaces'), face.faces.length),
    layerSwitch(picture, 'detections', text('verify.showDetections'), task.detections.length)))
  return figure
}

/** Labels stand above detections and below faces; `at-edge` moves one inside its box where the photo ends. */
function mark ([x1, y1, x2, y2], photo, kind, words) {
  const node = element('div', { class: `mark ${kind}` }, element('span', {}, words))
  const room = kind.startsWith('face') ? photo.height - y2 : y1
  node.classList.toggle('at-edge', room < EDGE * photo.height)
  node.style.left = `${100 * x1 / photo.width}%`
  node.style.top = `${100 * y1 / photo.height}%`
  node.style.width = `${100 * (x2 - x1) / photo.width}%`
  node.style.height = `${100 * (y2 - y1) / photo.height}%`
  return node
}

function label (name, score) {
  return score === null ? name : `${name} ${percent(score)}`
}

function layerSwitch (picture, layer, words, count) {
  if (count === 0) return null
  const box = element('input', { type: 'checkbox', checked: true })
  box.addEventListener('change', () => picture.classList.toggle(`without-${layer}`, !box.checked))
  return element('label', { class: `layer ${layer}` }, box, words)
}
