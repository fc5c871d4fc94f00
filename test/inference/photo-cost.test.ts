import t from 'tap'
import type { Sharp } from 'sharp'
import { headerOf, photoCost } from '../../src/inference/photo-cost.ts'
import { changed, drawing } from '../helpers/photos.ts'

t.test('the pixels of every kind of file are read from its header', async t => {
  for (const [kind, name, change] of [
    ['jpeg', 'JPEG', image => image.jpeg()],
    ['jpeg', 'progressive', image => image.jpeg({ progressive: true }).withExif({ IFD0: { Copyright: 'nobody' } })],
    ['png', 'PNG', image => image.png()],
    ['webp', 'WebP', image => image.webp()],
    ['webp', 'lossless WebP', image => image.webp({ lossless: true })],
    ['webp', 'WebP with transparency', image => image.ensureAlpha(0.5).webp()]
  ] as [string, string, (image: Sharp) => Sharp][]) {
    for (const size of [{ width: 640, height: 480 }, { width: 1, height: 3000 }, { width: 4097, height: 17 }]) {
      t.strictSame(
        headerOf(await changed(await drawing('png', size), change)),
        { kind, pixels: size.width * size.height },
        `${name} ${size.width} x ${size.height}`
      )
    }
  }
})

t.test('a photo costs by its pixels and its format, and one that hides them costs most', async t => {
  const large = await drawing('webp', { width: 8000, height: 6000 })
  const [jpeg, png, webp] = await Promise.all((['jpeg', 'png', 'webp'] as const).map(
    async format => photoCost(await drawing(format, { width: 3000, height: 1000 }), 50e6)
  ))
  t.ok(jpeg! < png! && png! < webp!)
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
