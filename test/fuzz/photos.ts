/** Photos that are small to send and dear to open. */
import { crc32, deflateSync } from 'node:zlib'
import { changed, drawing } from '../helpers/photos.ts'

function chunk (type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A PNG that claims a size; the pixels are zeros, or too few of them. */
function pngOf (width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

export async function bombs (): Promise<Record<string, Buffer>> {
  const jpeg = await drawing('jpeg')
  const webp = await drawing('webp')
  const segment = (marker: number, data: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0])
    head.writeUInt16BE(data.length + 2, 2)
    return Buffer.concat([head, data])
  }
  const inJpeg = (...segments: Buffer[]) => Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])
  const junk = (size: number) => Buffer.from(Array.from({ length: size }, (_, i) => Math.imul(i, 2654435761) >>> 24))
  const svg = (body: string) =>
    Buffer.from(
      `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">${body}</svg>`
    )
  const wide = Buffer.from(jpeg)
  const frame = wide.indexOf(Buffer.from([0xff, 0xc0]))
  wide.writeUInt16BE(65500, frame + 5)
  wide.writeUInt16BE(65500, frame + 7)
  return {
    'a PNG of 60,000 x 60,000 pixels': pngOf(60_000, 60_000, Buffer.alloc(1000)),
    'a PNG of 2^31 x 1 pixels': pngOf(0x7fffffff, 1, Buffer.alloc(1000)),
    'a PNG without pixels': pngOf(0, 0, Buffer.alloc(0)),
    'a PNG whose 300 MB of zeros are 300 kB': pngOf(7000, 7000, Buffer.alloc(7000 * 7000 * 3 + 7000)),
    'a PNG with too few pixels': pngOf(3000, 3000, Buffer.alloc(5000)),
    'a JPEG that claims 65,500 x 65,500 pixels': wide,
    'a JPEG with 100 junk colour profiles': inJpeg(
      ...Array.from({ length: 100 }, (_, i) =>
        segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([i + 1, 100]), junk(60_000)]))
      )
    ),
    'a JPEG with junk EXIF': inJpeg(
      segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08'), junk(60_000)]))
    ),
    'a JPEG whose EXIF points to itself': inJpeg(
      segment(
        0xe1,
        Buffer.concat([
          Buffer.from('Exif\0\0MM\0*\0\0\0\x08'),
          Buffer.from('0001877600040000000100000008000000 08'.replaceAll(' ', ''), 'hex')
        ])
      )
    ),
    'a JPEG with 2 MB of comments': inJpeg(...Array.from({ length: 32 }, () => segment(0xfe, junk(65_000)))),
    'half a JPEG': jpeg.subarray(0, jpeg.length / 2),
    'a JPEG of its first two bytes': jpeg.subarray(0, 2),
    'a WebP with wrong lengths': Buffer.concat([
      webp.subarray(0, 4),
      Buffer.from([0xff, 0xff, 0xff, 0x7f]),
      webp.subarray(8)
    ]),
    'a GIF with 500 frames': Buffer.concat([
      Buffer.from('GIF89a\x10\0\x10\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1'),
      ...Array.from({ length: 500 }, () => Buffer.from('\x2c\0\0\0\0\x10\0\x10\0\0\x02\x02\x44\x01\0', 'latin1')),
      Buffer.from(';')
    ]),
    'an SVG that multiplies entities': Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'bcdefghij'[i]} "${`&${'abcdefghi'[i]};`.repeat(10)}">`).join('')}]><svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>`
    ),
    'an SVG that reads a file': svg('<image xlink:href="file:///etc/passwd" width="10" height="10"/>'),
    'an SVG that calls out': svg('<image xlink:href="http://127.0.0.1:1/a.png" width="10" height="10"/>'),
    'a PDF': Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n'),
    'a zip file': Buffer.from('504b030414000000080000000000', 'hex'),
    'a TIFF': await drawing('tiff'),
    'an AVIF': await drawing('avif'),
    'a JPEG of one pixel': await changed(jpeg, image => image.resize(1, 1)),
    'a JPEG of 1 x 16,000 pixels': await changed(jpeg, image => image.resize(1, 16_000, { fit: 'fill' }))
  }
}
