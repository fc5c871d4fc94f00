import sharp from 'sharp'
import t from 'tap'
import { distanceOf } from '../../src/sketches/sketch.ts'
import { SAME_PHOTO_BITS } from '../../src/originality/earlier-photos.ts'
import { hashPhoto } from '../../workers/photo-hash.ts'
import type { Frame, PhotoHashes } from '../../workers/types.ts'
import { samplePhoto } from '../helpers/photos.ts'

async function frameOf (photo: Buffer): Promise<Frame> {
  const { data, info } = await sharp(await sharp(photo).png().toBuffer())
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = new SharedArrayBuffer(data.length)
  new Uint8Array(pixels).set(data)
  return { width: info.width, height: info.height, pixels }
}

/** The least distance of a photo to the windows of an earlier one. */
function nearest (photo: PhotoHashes, earlier: PhotoHashes): number {
  return Math.min(
    ...[photo.windows[0]!, ...photo.mirrored].flatMap(hash => earlier.windows.map(window => distanceOf(hash, window)))
  )
}

const inner = (photo: Buffer, share: number) => async (): Promise<Buffer> => {
  const { width, height } = await sharp(photo).metadata()
  const [w, h] = [Math.round(width * share), Math.round(height * share)]
  return sharp(photo).extract({ left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h }).toBuffer()
}

t.test('a changed photo stays the same picture, another photo is another one', async t => {
  for (const sample of [1, 3, 6]) {
    const photo = await samplePhoto(sample)
    const original = hashPhoto(await frameOf(photo))
    const changes: Record<string, () => Promise<Buffer>> = {
      'compressed hard': () => sharp(photo).jpeg({ quality: 30 }).toBuffer(),
      'half as large': () => sharp(photo).resize({ width: 400 }).toBuffer(),
      blurred: () => sharp(photo).blur(3).toBuffer(),
      grey: () => sharp(photo).greyscale().toBuffer(),
      darker: () => sharp(photo).linear(0.8, 0).toBuffer(),
      mirrored: () => sharp(photo).flop().toBuffer(),
      'cropped by 10 %': inner(photo, 0.9),
      'cropped by 25 %': inner(photo, 0.75),
      'with bars': () => sharp(photo).extend({ top: 200, bottom: 160, background: '#101010' }).toBuffer()
    }
    for (const [name, change] of Object.entries(changes)) {
      const distance = nearest(hashPhoto(await frameOf(await change())), original)
      t.ok(distance <= SAME_PHOTO_BITS, `sample ${sample} ${name}: ${distance} bits`)
    }
    for (const other of [2, 4, 5]) {
      const distance = nearest(hashPhoto(await frameOf(await samplePhoto(other))), original)
      t.ok(distance > SAME_PHOTO_BITS + 15, `samples ${sample} and ${other}: ${distance} bits`)
    }
  }
})

t.test('a picture of next to nothing has no hash', async t => {
  const plain = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#3a7d44' } }).png().toBuffer()
  t.same(hashPhoto(await frameOf(plain)), { windows: [], mirrored: [], outline: null, grey: null })
  const tiny = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } }).png().toBuffer()
  t.same(hashPhoto(await frameOf(tiny)).windows, [])
})
