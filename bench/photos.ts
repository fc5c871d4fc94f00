/** Photos of many sizes: one person cut out of a sample photo, with the noise that a camera would add. */
import { access, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const samples = fileURLToPath(new URL('../.cache/photos/', import.meta.url))

export const megapixels = [0.3, 1, 3, 12]

/** Scenes in sample1.jpg, 4:3: left, top, width, height in pixels. */
const scenes = {
  /** One face. */
  person: { left: 1240, top: 100, width: 680, height: 510 },
  /** Three faces. */
  group: { left: 213, top: 0, width: 1706, height: 1280 }
}

export type Scene = keyof typeof scenes

/**
 * A JPEG of the given size, 4:3. An enlarged photo has no detail of its own and would decode faster than a camera's;
 * the noise makes the file as large as a camera's, about 0.25 bytes a pixel.
 */
export async function photoOf (scene: Scene, mp: number): Promise<Buffer> {
  const width = Math.round(Math.sqrt(mp * 1e6 * 4 / 3))
  const height = Math.round(width * 3 / 4)
  const source = await readFile(`${samples}sample1.jpg`)
  const enlarged = await sharp(source)
    .extract(scenes[scene])
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .toBuffer()
  const noise = await sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 24 } }
  })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return sharp(enlarged).composite([{ input: noise, blend: 'soft-light' }]).jpeg({ quality: 88 }).toBuffer()
}

/** @throws a sentence that says how to get the sample photos */
export async function checkSamples (): Promise<void> {
  await access(`${samples}sample1.jpg`).catch(() => {
    throw new Error('The sample photos are missing: run `node scripts/fetch-test-files.ts`, as `npm test` does.')
  })
}
