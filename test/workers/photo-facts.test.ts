import { crc32, deflateSync } from 'node:zlib'
import t from 'tap'
import { decodeFrame } from '../../workers/decode-photo.ts'
import { readPhotoFacts } from '../../workers/photo-facts.ts'
import { pictureOf } from '../../workers/pixels.ts'
import { changed, drawing } from '../helpers/photos.ts'

const untold = { orientation: 1, takenAt: null }

/** A TIFF structure: folder 0 with the entries, and an Exif folder with the times where given. */
function tiff (
  entries: [tag: number, type: number, value: number][],
  { little = false, taken = '', zone = '' } = {}
): Buffer {
  const buffer = Buffer.alloc(8 + 2 + 12 * (entries.length + 1) + 4 + 2 + 24 + 4 + 20 + 8)
  const uint16 = (value: number, at: number) =>
    little ? buffer.writeUInt16LE(value, at) : buffer.writeUInt16BE(value, at)
  const uint32 = (value: number, at: number) =>
    little ? buffer.writeUInt32LE(value, at) : buffer.writeUInt32BE(value, at)
  buffer.write(little ? 'II' : 'MM', 'latin1')
  uint16(42, 2)
  uint32(8, 4)
  const folder = 8 + 2 + 12 * (entries.length + 1) + 4
  const all: [tag: number, type: number, value: number, count?: number][] = [...entries, [0x8769, 4, folder]]
  const write = (start: number, list: typeof all) => {
    uint16(list.length, start)
    list.forEach(([tag, type, value, count = 1], i) => {
      const at = start + 2 + 12 * i
      uint16(tag, at)
      uint16(type, at + 2)
      uint32(count, at + 4)
      if (type === 3) uint16(value, at + 8)
      else uint32(value, at + 8)
    })
  }
  write(8, all)
  const text = folder + 2 + 24 + 4
  write(
    folder,
    taken === ''
      ? []
      : [
          [0x9003, 2, text, 20],
          [0x9011, 2, text + 20, 7]
        ]
  )
  buffer.write(taken, text, 'latin1')
  buffer.write(zone, text + 20, 'latin1')
  return buffer
}

function jpegSegment (data: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

function exifSegment (data: Buffer): Buffer {
  return jpegSegment(Buffer.concat([Buffer.from('Exif\0\0'), data]))
}

function pngChunk (type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length)
  head.write(type, 4, 'latin1')
  const chunk = Buffer.concat([head, data, Buffer.alloc(4)])
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4)
  return chunk
}

/** After the signature and the header, or before the end chunk. */
function insert (png: Buffer, chunk: Buffer, where: 'before' | 'behind'): Buffer {
  const at = where === 'before' ? 33 : png.length - 12
  return Buffer.concat([png.subarray(0, at), chunk, png.subarray(at)])
}

const six = tiff([[0x112, 3, 6]])
const xmp = Buffer.from(
  '<x:xmpmeta><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></x:xmpmeta>'
)
const hex = Buffer.concat([Buffer.from('Exif\0\0'), six]).toString('hex').replace(/(.{72})/g, '$1\n')
const profile = Buffer.from(`\nexif\n${String(hex.length / 2).padStart(8)}\n${hex}\n`)

const jpeg = await drawing('jpeg', { width: 48, height: 32 })
const png = await drawing('png', { width: 48, height: 32 })
const webp = await drawing('webp', { width: 48, height: 32 })
const withSegments = (...segments: Buffer[]) => Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])
const text = (type: string, keyword: string, rest: Buffer) =>
  pngChunk(type, Buffer.concat([Buffer.from(`${keyword}\0`), rest]))

/** Photos that say, each in its own way, that the camera was held with its right side up. */
const turned: Record<string, Buffer> = {
  'EXIF in a JPEG': withSegments(exifSegment(six)),
  'little-endian EXIF': withSegments(exifSegment(tiff([[0x112, 3, 6]], { little: true }))),
  'EXIF with a LONG, tags out of order': withSegments(
    exifSegment(
      tiff([
        [0x201, 4, 864],
        [0x112, 4, 6],
        [0x10f, 4, 0]
      ])
    )
  ),
  'a second EXIF block, the first without an orientation': withSegments(
    exifSegment(tiff([[0x11a, 4, 0]])),
    exifSegment(six)
  ),
  'fill bytes before the EXIF block': withSegments(Buffer.from([0xff, 0xff, 0xff]), exifSegment(six)),
  'XMP in a JPEG': withSegments(jpegSegment(Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), xmp]))),
  'an EXIF orientation out of range beside XMP': withSegments(
    exifSegment(tiff([[0x112, 3, 9]])),
    jpegSegment(Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), xmp]))
  ),
  'eXIf before the pixels': insert(png, pngChunk('eXIf', six), 'before'),
  'eXIf behind the pixels': insert(png, pngChunk('eXIf', six), 'behind'),
  'a text profile': insert(png, text('tEXt', 'Raw profile type exif', profile), 'before'),
  'a packed text profile behind the pixels': insert(
    png,
    text('zTXt', 'Raw profile type APP1', Buffer.concat([Buffer.from([0]), deflateSync(profile)])),
    'behind'
  ),
  'XMP in a PNG': insert(
    png,
    text('iTXt', 'XML:com.adobe.xmp', Buffer.concat([Buffer.from([0, 0, 0, 0]), xmp])),
    'behind'
  ),
  'packed XMP in a PNG': insert(
    png,
    text('iTXt', 'XML:com.adobe.xmp', Buffer.concat([Buffer.from([1, 0, 0, 0]), deflateSync(xmp)])),
    'before'
  ),
  'EXIF in a WebP': await changed(webp, photo => photo.withMetadata({ orientation: 6 }).webp())
}

for (const [name, photo] of Object.entries(turned)) {
  t.test(`${name} turns the photo`, async t => {
    t.match(readPhotoFacts(photo), { orientation: 6 })
    t.match(await decodeFrame(photo, 1e6), { frame: { width: 32, height: 48 }, facts: { orientation: 6 } })
  })
}

t.test('what is damaged, out of range or absent is not said', async t => {
  const bomb = Buffer.concat([Buffer.from([1, 0, 0, 0]), deflateSync(Buffer.alloc(20 * 2 ** 20, 0x20))])
  const photos: Record<string, Buffer> = {
    'no description': jpeg,
    'orientation 0': withSegments(exifSegment(tiff([[0x112, 3, 0]]))),
    'orientation 9': withSegments(exifSegment(tiff([[0x112, 3, 9]]))),
    'EXIF that ends in its first folder': withSegments(exifSegment(six.subarray(0, 10))),
    'EXIF whose folder lies beyond the end': withSegments(exifSegment(Buffer.from('MM\0*\xff\xff\xff\xf0', 'latin1'))),
    'packed XMP of 20 MiB': insert(png, text('iTXt', 'XML:com.adobe.xmp', bomb), 'before'),
    'a text profile that is no profile': insert(
      png,
      text('zTXt', 'Raw profile type exif', Buffer.from('nonsense')),
      'before'
    )
  }
  for (const [name, photo] of Object.entries(photos)) {
    t.same(readPhotoFacts(photo), untold, name)
    t.match(await decodeFrame(photo, 1e6), { frame: { width: 48, height: 32 } }, name)
  }
  for (let length = 0; length < 200; length++) {
    for (const photo of Object.values(turned)) t.doesNotThrow(() => readPhotoFacts(photo.subarray(0, length)))
  }
})

t.test('the time is that of the camera\'s clock, with its zone where it is known', async t => {
  const taken = '2026:05:04 09:32:40\0'
  t.equal(readPhotoFacts(withSegments(exifSegment(tiff([], { taken })))).takenAt, '2026-05-04T09:32:40')
  t.equal(
    readPhotoFacts(withSegments(exifSegment(tiff([], { taken, zone: '+02:00\0', little: true })))).takenAt,
    '2026-05-04T09:32:40+02:00'
  )
  t.equal(readPhotoFacts(withSegments(exifSegment(tiff([], { taken: '    :  :     :  :  \0' })))).takenAt, null)
})

t.test('every orientation gives the same upright picture', async t => {
  const upright = await changed(await drawing('png', { width: 4, height: 2 }), photo =>
    photo.composite([
      { input: { create: { width: 1, height: 1, channels: 3, background: 'red' } }, left: 3, top: 0 },
      { input: { create: { width: 1, height: 1, channels: 3, background: 'blue' } }, left: 0, top: 1 }
    ])
  )
  const expected = pictureOf((await decodeFrame(upright, 1e6)).frame!).data
  // How each orientation stores the upright picture: mirrored before it is turned.
  const stored: [mirrored: boolean, degrees: number][] = [
    [false, 0],
    [true, 0],
    [false, 180],
    [true, 180],
    [true, 270],
    [false, 270],
    [true, 90],
    [false, 90]
  ]
  for (const [i, [mirrored, degrees]] of stored.entries()) {
    const pixels = await changed(await changed(upright, photo => photo.flop(mirrored)), photo =>
      photo.rotate(degrees).png()
    )
    const { frame } = await decodeFrame(insert(pixels, pngChunk('eXIf', tiff([[0x112, 3, i + 1]])), 'behind'), 1e6)
    t.match(frame, { width: 4, height: 2 }, `orientation ${i + 1}`)
    t.same(pictureOf(frame!).data, expected, `orientation ${i + 1}`)
  }
})
