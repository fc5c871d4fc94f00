/**
 * What somebody does to a photo who sends it again: saved anew, edited, cropped, framed, photographed from a screen.
 */
import sharp, { type Sharp } from 'sharp'

/** An upright photo and its size in pixels. */
export interface Original {
  photo: Buffer
  width: number
  height: number
  /** Draws of 0..1, the same for the same photo. */
  random: () => number
}
type Change = (original: Original) => Promise<Buffer> | Buffer

const saved = (change: (photo: Sharp, original: Original) => Sharp): Change => original =>
  change(sharp(original.photo), original).jpeg({ quality: 85 }).toBuffer()

/** Keeps a share of each side; `x` and `y` are where the rest lies: 0 left or top, 0.5 centre, 1 right or bottom. */
const cropped = (share: number, x: number, y: number): Change => saved((photo, { width, height }) => {
  const [w, h] = [Math.round(width * share), Math.round(height * share)]
  return photo.extract({ left: Math.round((width - w) * x), top: Math.round((height - h) * y), width: w, height: h })
})

const places = {
  centre: [0.5, 0.5],
  'top left': [0, 0],
  'top right': [1, 0],
  'bottom left': [0, 1],
  'bottom right': [1, 1],
  left: [0, 0.5],
  right: [1, 0.5],
  top: [0.5, 0],
  bottom: [0.5, 1]
} as const
const crops = (percent: number): Record<string, Change> => Object.fromEntries(Object.entries(places)
  .map(([place, [x, y]]) => [`cropped by ${percent} %, ${place}`, cropped(1 - percent / 100, x, y)]))

/** By the name that the table gives. */
export const photoChanges: Record<string, Change> = {
  'JPEG quality 30': ({ photo }) => sharp(photo).jpeg({ quality: 30 }).toBuffer(),
  'half the size': saved((photo, { width }) => photo.resize(Math.ceil(width / 2))),
  blurred: saved((photo, { width, height }) => photo.blur(Math.max(width, height) / 250)),
  grey: saved(photo => photo.greyscale()),
  brighter: saved(photo => photo.linear(1.2, 15)),
  darker: saved(photo => photo.linear(0.8, 0)),
  mirrored: saved(photo => photo.flop()),
  'turned 3 degrees': original => turned(original, 3),
  ...crops(10),
  ...crops(25),
  'dark bars above and below': saved((photo, { height }) =>
    photo.extend({ top: Math.round(height * 0.2), bottom: Math.round(height * 0.15), background: '#101010' })
  ),
  'white frame': saved((photo, { width }) => {
    const rim = Math.round(width * 0.08)
    return photo.extend({ top: rim, bottom: rim, left: rim, right: rim, background: '#fff' })
  }),
  'screenshot with bars': screenshot,
  'photo of a screen': photographScreen
}

/** Turned and cut to what shows no corner, as photo editors do. */
async function turned ({ photo, width, height }: Original, degrees: number): Promise<Buffer> {
  const angle = degrees * Math.PI / 180
  const share = 1 / (Math.cos(angle) + Math.sin(angle) * Math.max(width / height, height / width))
  const { data, info } = await sharp(photo).rotate(degrees).png().toBuffer({ resolveWithObject: true })
  const [w, h] = [Math.floor(width * share), Math.floor(height * share)]
  return sharp(data)
    .extract({ left: (info.width - w) >> 1, top: (info.height - h) >> 1, width: w, height: h })
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** The photo on an upright phone: a bar with the time above, a caption and buttons below. */
async function screenshot ({ photo, width, height, random }: Original): Promise<Buffer> {
  const screen = { width: 540, height: 1170 }
  const dark = random() < 0.5
  const [back, ink] = dark ? ['#121212', '#e8e8e8'] : ['#ffffff', '#202020']
  const scale = Math.min(screen.width / width, screen.height * 0.8 / height)
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)]
  const top = Math.round((screen.height - h) * (0.35 + 0.3 * random()))
  const line = (x: number, y: number, wide: number) =>
    `<rect x="${x}" y="${y}" width="${wide}" height="9" rx="3" fill="${ink}"/>`
  const text = [0, 1].map(i => line(20, top + h + 28 + i * 20, 200 + 280 * random())).join('')
  const buttons = [0, 1, 2, 3]
    .map(i => `<circle cx="${70 + i * 133}" cy="1135" r="13" fill="none" stroke="${ink}" stroke-width="3"/>`)
    .join('')
  const drawing = `<svg width="540" height="1170" xmlns="http://www.w3.org/2000/svg"><rect width="540" height="1170" fill="${back}"/>
    ${line(24, 18, 56)}${line(430, 18, 20)}${line(456, 18, 20)}${line(482, 18, 34)}${text}${buttons}</svg>`
  const shown = await sharp(photo).resize(w, h).toBuffer()
  return sharp(Buffer.from(drawing))
    .composite([{ input: shown, left: (screen.width - w) >> 1, top }])
    .flatten()
    .jpeg({ quality: 85 })
    .toBuffer()
}

/**
 * A hand-held camera before a screen that fills most of its picture: perspective, the dark rim of the screen and what
 * is behind it, another gamma, moire of two gratings, a reflection, blur and noise.
 */
async function photographScreen ({ photo, random }: Original): Promise<Buffer> {
  const {
    data,
    info: { width, height }
  } = await sharp(photo)
    .resize(640, 640, { fit: 'inside' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const between = (low: number, high: number): number => low + (high - low) * random()
  const tilt = {
    x: between(-0.12, 0.12),
    y: between(-0.12, 0.12),
    turn: between(-2, 2) * Math.PI / 180,
    size: between(1, 1.12)
  }
  const gamma = between(0.8, 1.3)
  const gratings = [0, 1].map(() => ({ x: between(-0.9, 0.9), y: between(-0.9, 0.9), strength: between(4, 12) }))
  const glare = { x: between(0.1, 0.9), y: between(0.1, 0.9), radius: between(0.15, 0.4), strength: between(20, 70) }
  const tint = [between(0.93, 1.05), 1, between(0.95, 1.1)]
  const output = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5]
      // From the camera's picture to the screen: turned, then seen at a slant.
      const [a, b] = [
        u * Math.cos(tilt.turn) - v * Math.sin(tilt.turn),
        u * Math.sin(tilt.turn) + v * Math.cos(tilt.turn)
      ]
      const depth = 1 + tilt.x * a + tilt.y * b
      const [p, q] = [(a * tilt.size / depth + 0.5) * width, (b * tilt.size / depth + 0.5) * height]
      const outside = Math.max(-p, p - width, -q, q - height) / width
      const moire = gratings.reduce((sum, wave) => sum + wave.strength * Math.sin(wave.x * x + wave.y * y), 0)
      const light = glare.strength * Math.exp(-(((u + 0.5 - glare.x) ** 2 +
        (v + 0.5 - glare.y) ** 2) / glare.radius ** 2))
      for (let c = 0; c < 3; c++) {
        const shown = outside > 0.02
          ? 110
          : outside > 0
            ? 18
            : 255 * (bilinear(data, width, height, p, q, c) / 255) ** gamma * tint[c]! + moire
        output[(y * width + x) * 3 + c] = Math.min(255, Math.max(0, shown * 0.9 + light + between(-8, 8)))
      }
    }
  }
  return sharp(output, { raw: { width, height, channels: 3 } }).blur(0.9).jpeg({ quality: 75 }).toBuffer()
}

function bilinear (data: Buffer, width: number, height: number, x: number, y: number, channel: number): number {
  const [left, top] = [Math.min(Math.max(x - 0.5, 0), width - 1), Math.min(Math.max(y - 0.5, 0), height - 1)]
  const [i, j] = [Math.floor(left), Math.floor(top)]
  const at = (column: number, row: number): number => data[(Math.min(row, height - 1) * width +
    Math.min(column, width - 1)) * 3 +
    channel]!
  const [dx, dy] = [left - i, top - j]
  return (at(i, j) * (1 - dx) + at(i + 1, j) * dx) * (1 - dy) + (at(i, j + 1) * (1 - dx) + at(i + 1, j + 1) * dx) * dy
}
