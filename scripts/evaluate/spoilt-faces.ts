/**
 * Photos of faces that were spoilt on purpose: what a face looks like that cannot be recognised, or only with
 * difficulty.
 */
import sharp from 'sharp'
import type { Box, FivePoints } from '../../workers/types.ts'

/** The face of the upright photo, and the size of the photo in pixels. */
export interface Portrait { width: number, height: number, box: Box, points: FivePoints }

/** Changes the bytes of an upright photo. */
type Change = (photo: Buffer, portrait: Portrait) => Promise<Buffer>

const grey = '#808080'
const turned = (degrees: number): Change => photo => sharp(photo).rotate(degrees, { background: grey }).png().toBuffer()

const cut = (rectangle: (portrait: Portrait) => {
  left?: number,
  top?: number,
  right?: number,
  bottom?: number
}): Change => (photo, portrait) => {
  const { left = 0, top = 0, right = portrait.width, bottom = portrait.height } = rectangle(portrait)
  const inside = (value: number, length: number) => Math.min(Math.max(Math.round(value), 0), length)
  const [x, y] = [
    Math.min(inside(left, portrait.width), portrait.width - 2),
    Math.min(inside(top, portrait.height), portrait.height - 2)
  ]
  const size = {
    width: Math.max(2, inside(right, portrait.width) - x),
    height: Math.max(2, inside(bottom, portrait.height) - y)
  }
  return sharp(photo).extract({ left: x, top: y, ...size }).png().toBuffer()
}

const painted = (shapes: (portrait: Portrait) => string): Change => (photo, portrait) => {
  const drawing = `<svg width="${portrait.width}" height="${portrait.height}" xmlns="http://www.w3.org/2000/svg">${shapes(portrait)}</svg>`
  return sharp(photo).composite([{ input: Buffer.from(drawing) }]).png().toBuffer()
}

const rectangle = (x: number, y: number, width: number, height: number, colour: string) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"/>`

const boxWidth = ({ box }: Portrait) => box[2] - box[0]
const boxHeight = ({ box }: Portrait) => box[3] - box[1]
const middleX = ({ box }: Portrait) => (box[0] + box[2]) / 2
const middleY = ({ box }: Portrait) => (box[1] + box[3]) / 2
const eyeLevel = ({ points: [left, right] }: Portrait) => (left[1] + right[1]) / 2

/** Two dark lenses and what joins them. */
function sunglasses ({ points: [[ax, ay], [bx, by]] }: Portrait): string {
  const span = Math.hypot(bx - ax, by - ay)
  const lens = (x: number, y: number) =>
    `<ellipse cx="${x}" cy="${y}" rx="${0.4 * span}" ry="${0.3 * span}" fill="#111"/>`
  return `${lens(ax, ay)}${lens(bx, by)}<line x1="${ax}" y1="${ay - 0.1 * span}" x2="${bx}" y2="${by - 0.1 * span}" stroke="#111" stroke-width="${0.08 * span}"/>`
}

const shrunk = (pixels: number): Change => (photo, portrait) => sharp(photo)
  .resize(Math.max(1, Math.round(portrait.width * pixels / boxWidth(portrait))))
  .extend({ top: 60, bottom: 60, left: 60, right: 60, background: grey })
  .jpeg({ quality: 88 })
  .toBuffer()

/** Still faces that can be recognised. */
export const plainKinds: Record<string, Change> = {
  upright: async photo => photo,
  'tilted 15': turned(15),
  'tilted 30': turned(30),
  '24 pixels wide': shrunk(24),
  '32 pixels wide': shrunk(32),
  '48 pixels wide': shrunk(48),
  '64 pixels wide': shrunk(64),
  darkened: photo => sharp(photo).linear(0.25, 0).png().toBuffer(),
  'JPEG quality 15': photo => sharp(photo).jpeg({ quality: 15 }).toBuffer()
}

/** Each of these has a prototype of its own. */
export const spoiltKinds: Record<string, Change> = {
  'turned 90': turned(90),
  'turned 180': turned(180),
  'turned 270': turned(270),
  'lower half': cut(portrait => ({ top: middleY(portrait) })),
  'lower half, grey above': painted(portrait => rectangle(0, 0, portrait.width, middleY(portrait), grey)),
  'upper half': cut(portrait => ({ bottom: middleY(portrait) })),
  'left half': cut(portrait => ({ right: middleX(portrait) })),
  'right half': cut(portrait => ({ left: middleX(portrait) })),
  'eyes covered': painted(portrait =>
    rectangle(0, eyeLevel(portrait) - 0.14 * boxHeight(portrait), portrait.width, 0.28 * boxHeight(portrait), 'black')
  ),
  'eyes covered, skin': painted(portrait =>
    rectangle(
      portrait.box[0],
      eyeLevel(portrait) - 0.14 * boxHeight(portrait),
      boxWidth(portrait),
      0.28 * boxHeight(portrait),
      '#b08c78'
    )
  ),
  'sunglasses, opaque': painted(sunglasses),
  'mouth and nose covered': painted(portrait => {
    const top = portrait.points[2][1] - 0.05 * boxHeight(portrait)
    return rectangle(portrait.box[0], top, boxWidth(portrait), portrait.box[3] - top, '#9cc')
  }),
  blurred: (photo, portrait) =>
    sharp(photo)
      .blur(Math.max(0.3, boxWidth(portrait) / 10))
      .png()
      .toBuffer()
}

/** Between the two: half of them can still be recognised, and are. */
export const doubtfulKinds: Record<string, Change> = {
  'tilted 45': turned(45),
  'tilted 60': turned(60),
  'tilted -60': turned(-60)
}

export const allKinds: Record<string, Change> = { ...plainKinds, ...spoiltKinds, ...doubtfulKinds }
