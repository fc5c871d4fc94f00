/** Draws the boxes of a verdict on the proof photo. */
import { element } from './dom.js'
import { number, percent, text } from './language.js'

/** Share of the photo's height that a label needs. */
const EDGE = 0.08
/** Boxes that begin beyond this share of the width have their label aligned to the right. */
const RIGHT = 0.65

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
    ...task.detections.map(detection => mark(detection.box, answer.photo, detection.matched ? 'detection matched' : 'detection', `${detection.label} ${percent(detection.score)}`)),
    ...face.faces.map(seen => mark(seen.box, answer.photo, seen.subject ? 'face subject' : 'face', faceLabel(seen)))
  ]
  const picture = element('div', { class: 'marked-photo' }, element('img', { src: url, alt }), element('div', { class: 'marks', 'aria-hidden': 'true' }, marks))
  picture.style.setProperty('--ratio', answer.photo.width / answer.photo.height)
  const figure = element('figure', { class: 'proof' }, picture)
  figure.append(element('figcaption', {},
    layerSwitch(picture, 'faces', text('verify.showFaces'), face.faces.length),
    layerSwitch(picture, 'detections', text('verify.showDetections'), task.detections.length)))
  return figure
}

/** Labels stand above detections and below faces; where the photo ends they move inside the box or to its right side. */
function mark ([x1, y1, x2, y2], photo, kind, words) {
  const node = element('div', { class: `mark ${kind}` }, element('span', {}, words))
  node.classList.toggle('at-right', x1 > RIGHT * photo.width)
  const room = kind.startsWith('face') ? photo.height - y2 : y1
  node.classList.toggle('at-edge', room < EDGE * photo.height)
  node.style.left = `${100 * x1 / photo.width}%`
  node.style.top = `${100 * y1 / photo.height}%`
  node.style.width = `${100 * (x2 - x1) / photo.width}%`
  node.style.height = `${100 * (y2 - y1) / photo.height}%`
  return node
}

function faceLabel ({ subject, similarity }) {
  const name = text(subject ? 'verify.subject' : 'verify.otherFace')
  return similarity === null ? name : `${name} ${number(similarity, 2)}`
}

function layerSwitch (picture, layer, words, count) {
  if (count === 0) return null
  const box = element('input', { type: 'checkbox', checked: true })
  box.addEventListener('change', () => picture.classList.toggle(`without-${layer}`, !box.checked))
  return element('label', { class: `layer ${layer}` }, box, words)
}
