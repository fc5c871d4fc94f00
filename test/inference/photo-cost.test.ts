import t from 'tap'
import type { Sharp } from 'sharp'
import { photoCost, pixelsOf } from '../../src/inference/photo-cost.ts'
import { changed, drawing } from '../helpers/photos.ts'

t.test('the pixels of every kind of file are read from its header', async t => {
  for (const [kind, change] of [
    ['JPEG', image => image.jpeg()],
    ['progressive JPEG', image => image.jpeg({ progressive: true }).withExif({ IFD0: { Copyright: 'nobody' } })],
    ['PNG', image => image.png()],
    ['WebP', image => image.webp()],
    ['lossless WebP', image => image.webp({ lossless: true })],
    ['WebP with transparency', image => image.ensureAlpha(0.5).webp()]
  ] as [string, (image: Sharp) => Sharp][]) {
    for (const size of [{ width: 640, height: 480 }, { width: 1, height: 3000 }, { width: 4097, height: 17 }]) {
      t.equal(
        pixelsOf(await changed(await drawing('png', size), change)),
        size.width * size.height,
        `${kind} ${size.width} x ${size.height}`
      )
    }
  }
})

t.test('a photo costs by its pixels, and one that hides them costs most', async t => {
  const large = await drawing('png', { width: 8000, height: 6000 })
  t.ok(photoCost(large, 50e6) > 4 * photoCost(await drawing('jpeg', { width: 1000, height: 1000 }), 50e6))
  const most = photoCost(large, 10e6)
  t.equal(most, photoCost(large, 10e6), 'what is refused costs no more than the largest that is not')
  const endless = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(4000, Buffer.from([0xff, 0xe0, 0, 2]))])
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('what is it?'),
    large.subarray(0, 20),
    Buffer.from([0xff, 0xd8, 0xff]),
    Buffer.from('RIFF....WEBPVP9 ...............'),
    endless
  ]) {
    t.equal(photoCost(bytes, 10e6), most)
  }
})
