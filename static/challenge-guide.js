/** The picture of a challenge: the camera in an oval, a ring that fills, and an arrow to where the head should go. */
import { element } from './dom.js'

const SVG = 'http://www.w3.org/2000/svg'

/**
 * Of a picture of 100 x 100: the oval, and arrows beside it by pose. The preview is mirrored, so that one's own left is
 * on the left.
 */
const RING = 'M50 4 a36 46 0 1 1 0 92 a36 46 0 1 1 0 -92'
const ARROWS = {
  left: 'M12 50 h-8 m3 -4 l-4 4 l4 4',
  right: 'M88 50 h8 m-3 -4 l4 4 l-4 4',
  up: 'M50 16 v-8 m-4 3 l4 -4 l4 4',
  down: 'M50 84 v8 m-4 -3 l4 4 l4 -4',
  centre: 'M47 50 a3 3 0 1 1 6 0 a3 3 0 1 1 -6 0'
}

export class ChallengeGuide {
  #progress
  #arrow

  constructor (video) {
    this.#progress = shape('path', {
      class: 'challenge-progress',
      d: RING,
      pathLength: '100',
      'stroke-dasharray': '0 100'
    })
    this.#arrow = shape('path', { class: 'challenge-arrow', d: '' })
    const picture = shape('svg', { viewBox: '0 0 100 100', 'aria-hidden': 'true', class: 'challenge-ring' })
    picture.append(shape('path', { class: 'challenge-track', d: RING }), this.#progress, this.#arrow)
    this.element = element(
      'div',
      { class: 'challenge-picture' },
      element('div', { class: 'challenge-oval' }, video),
      picture
    )
  }

  /** `step`: the pose that is wanted, null for none; `done` of `of` steps. */
  show ({ step, done, of }) {
    this.#progress.setAttribute('stroke-dasharray', `${100 * done / of} 100`)
    this.#arrow.setAttribute('d', ARROWS[step] ?? '')
    this.element.dataset.step = step ?? ''
  }
}

function shape (name, attributes) {
  const node = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  return node
}
