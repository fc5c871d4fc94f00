/** Draws the boxes of a verdict on the proof photo. */
import { element } from './dom.js'
import { number, percent, text } from './language.js'

/** Boxes that begin beyond this share of the width have their label aligned to the right. */
const RIGHT = 0.65

/**
 * A figure of the photo with faces and detections. Boxes are x1, y1, x2, y2 in pixels of the upright photo of the size
 * `answer.photo`; they are drawn in per cent of it, so they fit the picture at any size. `scores`: false leaves them
 * out.
 */
export function markedPhoto (url, answer, { scores }) {
  const { face, task } = answer.checks
  const alt = text('verify.photoAlt', {
    faces: text('verify.faces', { count: face.faces.length }),
    detections: text('verify.detections', { count: task.detections.length })
  })
  // The most important label comes first and keeps its place.
  const marks = [
    ...face.faces
      .filter(({ subject }) => subject)
      .map(seen => mark(seen.box, answer.photo, `face subject ${face.outcome}`, faceLabel(seen, scores, answer.user))),
    ...task.detections
      .filter(({ matched }) => matched)
      .map(seen => mark(seen.box, answer.photo, 'detection matched', detectionLabel(seen, scores))),
    ...face.faces
      .filter(({ subject }) => !subject)
      .map(seen => mark(seen.box, answer.photo, 'face', faceLabel(seen, scores))),
    ...task.detections
      .filter(({ matched }) => !matched)
      .map(seen => mark(seen.box, answer.photo, 'detection', detectionLabel(seen, scores)))
  ]
  const picture = element(
    'div',
    { class: 'marked-photo' },
    element('img', { src: url, alt }),
    element('div', { class: 'marks', 'aria-hidden': 'true' }, marks)
  )
  picture.style.setProperty('--ratio', answer.photo.width / answer.photo.height)
  turn(picture.firstElementChild, answer.photo.turned)
  new ResizeObserver(() => placeLabels(picture, marks)).observe(picture)
  const figure = element('figure', { class: 'proof' }, picture)
  figure.append(element('figcaption', {},
    layerSwitch(picture, 'faces', text('verify.showFaces'), face.faces.length),
    layerSwitch(picture, 'detections', text('verify.showDetections'), task.detections.length)))
  return figure
}

/** The browser shows the photo as its file says; the service may have turned it further, so that the face stands. */
function turn (image, degrees) {
  if (!degrees) return
  image.classList.add(degrees === 180 ? 'upside-down' : 'sideways')
  image.style.setProperty('--turned', `${degrees}deg`)
}

function mark ([x1, y1, x2, y2], photo, kind, words) {
  const node = element('div', { class: `mark ${kind}` }, element('span', {}, words))
  node.classList.toggle('at-right', x1 > RIGHT * photo.width)
  node.style.left = `${100 * x1 / photo.width}%`
  node.style.top = `${100 * y1 / photo.height}%`
  node.style.width = `${100 * (x2 - x1) / photo.width}%`
  node.style.height = `${100 * (y2 - y1) / photo.height}%`
  return node
}

/**
 * Each label takes the first of its places where it lies inside the photo and on no label before it: outside of the box
 * first, then inside. One that finds none is left out; its box stays.
 */
function placeLabels (picture, marks) {
  const room = picture.getBoundingClientRect()
  if (room.width === 0) return
  const taken = []
  for (const node of marks) {
    const label = node.firstElementChild
    const places = node.classList.contains('face')
      ? ['below', 'above', 'inside-bottom', 'inside-top']
      : ['above', 'inside-top', 'below', 'inside-bottom']
    label.hidden = false
    const fits = places.some(place => {
      label.dataset.place = place
      const box = label.getBoundingClientRect()
      return isInside(box, room) && !taken.some(other => overlap(box, other))
    })
    label.hidden = !fits
    if (fits) taken.push(label.getBoundingClientRect())
  }
}

function isInside (box, room) {
  return (
    box.top >= room.top - 1 && box.bottom <= room.bottom + 1 && box.left >= room.left - 2 && box.right <= room.right + 2
  )
}

function overlap (one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}

function faceLabel ({ similarity }, scores, user = text('verify.otherFace')) {
  return similarity === null || !scores ? user : `${user} ${number(similarity, 2)}`
}

function detectionLabel ({ label, score }, scores) {
  return scores ? `${label} ${percent(score)}` : label
}

function layerSwitch (picture, layer, words, count) {
  if (count === 0) return null
  const box = element('input', { type: 'checkbox', checked: true })
  box.addEventListener('change', () => picture.classList.toggle(`without-${layer}`, !box.checked))
  return element('label', { class: `layer ${layer}` }, box, words)
}
