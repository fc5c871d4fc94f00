/** Photos for tests: the npm sample photos (groups of people), cut-outs of one person in them, and drawn pictures. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp, { type Sharp } from 'sharp'

const cache = fileURLToPath(new URL('../../.cache/photos', import.meta.url))

/** Cut-outs of the sample photos: left, top, width, height in pixels. */
export const people = {
  /** The same person in two photos. */
  anna1: { sample: 1, box: [1360, 110, 420, 430] },
  anna3: { sample: 3, box: [960, 80, 450, 540] },
  /** Two others, each in one photo. */
  berta: { sample: 6, box: [1380, 160, 420, 500] },
  clara: { sample: 5, box: [1300, 280, 420, 500] }
} as const

/** Sample photo 1 to 6, as `npm test` downloads it. */
export async function samplePhoto (sample: number): Promise<Buffer> {
  return readFile(`${cache}/sample${sample}.jpg`)
}

/** One person cut out of a sample photo, as JPEG. */
export async function portrait (name: keyof typeof people, width?: number): Promise<Buffer> {
  const { sample, box: [left, top, boxWidth, boxHeight] } = people[name]
  const cut = sharp(await samplePhoto(sample)).extract({ left, top, width: boxWidth, height: boxHeight })
  return (width === undefined ? cut : cut.resize(width)).jpeg({ quality: 95 }).toBuffer()
}

/** A picture without people, in the given format. */
export async function drawing (
  format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff',
  size = { width: 320, height: 240 }
): Promise<Buffer> {
  return sharp({ create: { ...size, channels: 3, background: '#3a7d44' } })
    .toFormat(format)
    .toBuffer()
}

/** Changes a photo by a sharp pipeline. */
export async function changed (photo: Buffer, change: (image: Sharp) => Sharp): Promise<Buffer> {
  return change(sharp(photo)).toBuffer()
}

/** The photo with a black rectangle painted over it. */
export async function covered (
  photo: Buffer,
  { left, top, width, height }: { left: number; top: number; width: number; height: number }
): Promise<Buffer> {
  return changed(photo, image =>
    image.composite([{ input: { create: { width, height, channels: 3, background: 'black' } }, left, top }])
  )
}

/**
 * JPEG frames of 640 x 480 in which one person drifts from left to right; one after another they are an MJPEG video.
 */
export async function cameraFrames (name: keyof typeof people, count = 120): Promise<Buffer[]> {
  const person = await sharp(await portrait(name)).resize({ height: 400 }).png().toBuffer()
  const wall = sharp({ create: { width: 640, height: 480, channels: 3, background: '#26232b' } })
  return Promise.all(
    Array.from({ length: count }, (_, frame) =>
      wall
        .clone()
        .composite([{ input: person, left: 65 + frame, top: 80 }])
        .jpeg({ quality: 92 })
        .toBuffer()
    )
  )
}

/** JPEG frames of a camera, with a print of a person before it that is shifted, tilted, and turned about both axes. */
export async function movedPrint (name: keyof typeof people, count = 120): Promise<Buffer[]> {
  const print = await sharp(await portrait(name)).resize({ height: 400 }).toBuffer()
  return Promise.all(Array.from({ length: count }, async (_, i) => {
    const phase = 2 * Math.PI * i / count
    // Turned by up to 60 degrees, a plane is seen narrower, or lower, by the cosine.
    const [width, height] = [Math.cos(Math.PI / 3 * Math.sin(phase)), Math.cos(Math.PI / 4 * Math.sin(3 * phase))]
    const shear = 0.15 * Math.sin(2 * phase)
    const held = await sharp(print)
      .affine(
        [
          [width, shear],
          [shear, height]
        ],
        { background: '#26232b' }
      )
      .resize({ width: 600, height: 440, fit: 'inside', withoutEnlargement: true })
      .toBuffer()
    return sharp({ create: { width: 640, height: 480, channels: 3, background: '#26232b' } })
      .composite([{ input: held }])
      .jpeg({ quality: 92 })
      .toBuffer()
  }))
}
