import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { decodeFrame, sniffType } from '../../workers/decode-photo.ts'
import { pictureOf } from '../../workers/pixels.ts'
import type { Frame, PhotoProblem } from '../../workers/types.ts'
import { decodeShared, deviation, golden } from '../helpers/golden.ts'
import { shared, withoutShared } from '../helpers/models.ts'
import { changed, drawing } from '../helpers/photos.ts'

const fiftyMegapixels = 50e6

function pixels (frame: Frame): Uint8Array {
  return new Uint8Array(frame.pixels)
}

async function problemOf (bytes: Uint8Array, maxPixels = fiftyMegapixels): Promise<PhotoProblem | undefined> {
  return (await decodeFrame(bytes, maxPixels)).problem
}

t.test('decodes the accepted types', async t => {
  for (const type of ['jpeg', 'png', 'webp'] as const) {
    const { frame } = await decodeFrame(await drawing(type, { width: 7, height: 5 }), fiftyMegapixels)
    t.match(frame, { width: 7, height: 5 }, type)
    t.equal(frame?.pixels.byteLength, 7 * 5 * 3)
    t.ok(deviation(pixels(frame!).slice(0, 3), [0x3a, 0x7d, 0x44]) <= 3, `${type} is RGB`)
  }
})

t.test('decodes bytes in shared memory', async t => {
  const png = await drawing('png')
  const bytes = new Uint8Array(new SharedArrayBuffer(png.length))
  bytes.set(png)
  t.ok((await decodeFrame(bytes, fiftyMegapixels)).frame)
})

t.test('decodes bytes in the middle of a larger buffer', async t => {
  const png = await drawing('png', { width: 7, height: 5 })
  const padded = Buffer.concat([Buffer.alloc(100), png, Buffer.alloc(100)])
  t.match(await decodeFrame(padded.subarray(100, 100 + png.length), fiftyMegapixels), {
    frame: { width: 7, height: 5 }
  })
})

t.test('recognises other types by their bytes', async t => {
  for (const type of ['gif', 'avif', 'tiff'] as const) {
    t.same(await problemOf(await drawing(type)), { code: 'unsupported_type', found: type })
  }
  const starts: [string, string][] = [
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
    ['svg', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg/>'],
    ['html', '<!DOCTYPE html><html>'],
    ['text', 'not a photo\n'],
    ['data-url', 'data:image/jpeg;base64,/9j/4AAQ'],
    ['base64', 'L9j/4AAQSkZJRgAB'.repeat(20)],
    ['pdf', '%PDF-1.7'],
    ['heic', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['video', '\0\0\0\x18ftypisom\0\0\0\0'],
    ['jpeg-xl', '\xff\x0a\xfa'],
    ['zip', 'PK\x03\x04'],
    ['bmp', 'BM\0\0\0\0'],
    ['empty', ''],
    ['unknown', '\0\x01\x02']
  ]
  for (const [type, start] of starts) t.equal(sniffType(Buffer.from(start, 'latin1')), type)
})

t.test('the start of a JPEG alone is unreadable, not unsupported', async t => {
  for (const start of ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'RIFF\0\0\0\0WEBP']) {
    t.equal((await problemOf(Buffer.from(start, 'latin1')))?.code, 'unreadable')
  }
})

t.test('refuses a photo cut off anywhere', async t => {
  for (const type of ['jpeg', 'png', 'webp'] as const) {
    const photo = await changed(await drawing('png', { width: 300, height: 200 }), image =>
      image
        .composite([
          {
            input: {
              create: {
                width: 300,
                height: 200,
                channels: 3,
                background: '#808080',
                noise: { type: 'gaussian', mean: 128, sigma: 60 }
              }
            }
          }
        ])
        .toFormat(type)
    )
    t.ok((await decodeFrame(photo, fiftyMegapixels)).frame, `${type} is whole`)
    for (const share of [0.01, 0.3, 0.6, 0.9]) {
      t.equal(
        (await problemOf(photo.subarray(0, Math.ceil(photo.length * share))))?.code,
        'unreadable',
        `${type} cut at ${share}`
      )
    }
  }
})

t.test('compares the limit with the stored size', async t => {
  const photo = await drawing('png', { width: 100, height: 50 })
  t.equal(await problemOf(photo, 5000), undefined)
  t.same(await problemOf(photo, 4999), { code: 'too_many_pixels', width: 100, height: 50 })
})

t.test('turns a photo upright', async t => {
  const photo = await changed(await drawing('png', { width: 20, height: 10 }), image =>
    image.jpeg().withMetadata({ orientation: 6 })
  )
  t.match(await decodeFrame(photo, fiftyMegapixels), { frame: { width: 10, height: 20 } })
})

t.test('drops transparency without mixing in a background', async t => {
  const photo = await changed(await drawing('png'), image => image.ensureAlpha(0.25).png())
  const { frame } = await decodeFrame(photo, fiftyMegapixels)
  t.same(Array.from(pixels(frame!).slice(0, 3)), [0x3a, 0x7d, 0x44])
})

t.test('golden: the same pixels as the reference decoders', { skip: withoutShared }, async t => {
  for (const { name, image, upright } of golden) {
    const frame = await decodeShared(image)
    t.match(frame, { width: upright.width, height: upright.height }, name)
    t.equal(createHash('sha256').update(pixels(frame)).digest('hex'), upright.rgb_sha256, name)
  }
})

const odd = (name: string): Buffer => readFileSync(shared(`images/odd/${name}`))

t.test('odd: all eight orientations give the same picture', { skip: withoutShared }, async t => {
  const first = await decodeShared('images/odd/exif/orientation_1.jpg')
  for (const name of ['2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.jpg', '7.jpg', '8.jpg', '6_lossless.webp']) {
    const frame = await decodeShared(`images/odd/exif/orientation_${name}`)
    t.match(frame, { width: 480, height: 640 })
    t.ok(deviation(pixels(frame), pixels(first)) <= (name.endsWith('webp') ? 0 : 3), name)
  }
})

t.test('odd: unusual photos are accepted', { skip: withoutShared }, async t => {
  const sizes: Record<string, [number, number]> = {
    'base_480x640.png': [480, 640],
    'jpeg_baseline.jpg': [480, 640],
    'jpeg_progressive.jpg': [480, 640],
    'jpeg_grayscale.jpg': [480, 640],
    'jpeg_cmyk.jpg': [480, 640],
    'jpeg_named.png': [480, 640],
    'png_alpha.png': [480, 640],
    'png_16bit.png': [360, 480],
    'webp_lossy.webp': [480, 640],
    'webp_animated_3_frames.webp': [360, 480],
    'large_12mp_4032x3024.jpg': [4032, 3024],
    'face_fills_frame.jpg': [600, 827],
    'tiny_16x16.jpg': [16, 16],
    'tiny_1x1.png': [1, 1],
    'wide_4000x20.jpg': [4000, 20]
  }
  const frames = new Map<string, Frame>()
  for (const [name, [width, height]] of Object.entries(sizes)) {
    const frame = await decodeShared(`images/odd/${name}`)
    t.match(frame, { width, height }, name)
    t.equal(frame.pixels.byteLength, width * height * 3, name)
    frames.set(name, frame)
  }
  const mean = (name: string): number =>
    pixels(frames.get(name)!).reduce((sum, level) => sum + level, 0) / pixels(frames.get(name)!).length
  t.same(pixels(frames.get('jpeg_named.png')!), pixels(frames.get('jpeg_baseline.jpg')!))
  t.same(pixels(frames.get('png_alpha.png')!), pixels(frames.get('base_480x640.png')!))
  t.ok(Math.abs(mean('png_16bit.png') - mean('base_480x640.png')) < 2, '16 bit comes out as 8 bit')
  t.ok(Math.abs(mean('jpeg_cmyk.jpg') - mean('base_480x640.png')) < 30, 'CMYK is not inverted')
})

t.test('odd: what is no photo is refused', { skip: withoutShared }, async t => {
  const refused: Record<string, PhotoProblem['code']> = {
    'truncated.jpg': 'unreadable',
    'truncated_header.jpg': 'unreadable',
    'zero_byte.jpg': 'unreadable',
    'text_named.jpg': 'unsupported_type',
    'html_named.png': 'unsupported_type',
    'gif_still.gif': 'unsupported_type',
    'gif_animated_3_frames.gif': 'unsupported_type'
  }
  for (const [name, code] of Object.entries(refused)) t.equal((await problemOf(odd(name)))?.code, code, name)
})

t.test('odd: bombs are refused by their header', { skip: withoutShared }, async t => {
  const before = process.resourceUsage().maxRSS
  t.same(await problemOf(odd('bomb_header_50000x50000.png')), { code: 'too_many_pixels', width: 50000, height: 50000 })
  t.same(await problemOf(odd('bomb_valid_16000x16000.png')), { code: 'too_many_pixels', width: 16000, height: 16000 })
  t.ok(process.resourceUsage().maxRSS - before < 50_000, 'less than 50 MB; decoding one takes 0.8 GB')
})

t.test('memory of another photo is used again when it is large enough', async t => {
  const photo = await drawing('png', { width: 7, height: 5 })
  const large = new SharedArrayBuffer(1000)
  const { frame } = await decodeFrame(photo, 1e6, large)
  t.equal(frame?.pixels, large)
  t.same(pictureOf(frame!), pictureOf((await decodeFrame(photo, 1e6)).frame!), 'and the rest of it is not seen')
  t.equal((await decodeFrame(photo, 1e6, new SharedArrayBuffer(3))).frame?.pixels.byteLength, 7 * 5 * 3)
})
