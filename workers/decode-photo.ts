/** The only importer of sharp: the bytes of an upload become an upright 8-bit RGB frame in shared memory. */
import sharp, { type Sharp } from 'sharp'
import { readPhotoFacts } from './photo-facts.ts'
import type { Decoded, PhotoFacts, PhotoProblem } from './types.ts'

// Each worker decodes one photo at a time, and no photo comes twice.
sharp.concurrency(1)
sharp.cache(false)

const accepted = ['jpeg', 'png', 'webp']

/**
 * Decodes a JPEG, PNG or WebP photo: turned as EXIF or XMP say, first frame of an animation, transparency dropped, all
 * metadata but `facts` left behind. Colour profiles are ignored, as the reference implementations of the models do, so
 * that the pixels are the ones the models were tuned on.
 *
 * The pixels go into `memory` when it is large enough, else into new memory. Fresh memory costs as much as the copy.
 *
 * The decoder compares `maxPixels` with the header before it decodes any pixel. Empty, damaged and
 * cut-off photos are `unreadable`: half a photo must not pass for a whole one.
 */
export async function decodeFrame (bytes: Uint8Array, maxPixels: number, memory?: SharedArrayBuffer): Promise<Decoded> {
  const type = sniffType(bytes)
  if (type === 'empty') return unreadable('the file is empty')
  if (!accepted.includes(type)) return { problem: { code: 'unsupported_type', found: type } }
  // Other threads may write to shared memory, which the decoder must never see.
  const own = new Uint8Array(bytes)
  try {
    const facts = readPhotoFacts(own)
    const photo = sharp(own, { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true })
    const { data, info } = await oriented(photo, facts.orientation)
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) return unreadable(`decoded to ${info.channels} channels instead of 3`)
    const pixels = memory !== undefined && memory.byteLength >= data.length
      ? memory
      : new SharedArrayBuffer(data.length)
    new Uint8Array(pixels).set(data)
    // Gives the decoder's copy back at once: it lies outside the heap, and waiting megabytes make the collector run.
    data.buffer.transfer(0)
    return { frame: { width: info.width, height: info.height, pixels }, facts }
  } catch (error) {
    const header = await sharp(own, { limitInputPixels: false }).metadata().catch(() => null)
    if (header !== null && header.width * header.height > maxPixels) {
      return { problem: { code: 'too_many_pixels', width: header.width, height: header.height } }
    }
    return unreadable(error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error))
  }
}

/** Degrees clockwise, after mirroring left to right, that make each EXIF orientation upright (Exif 2.32, 4.6.4 A). */
const uprights: Record<PhotoFacts['orientation'], { mirrored: boolean, degrees: number }> = {
  1: { mirrored: false, degrees: 0 },
  2: { mirrored: true, degrees: 0 },
  3: { mirrored: false, degrees: 180 },
  4: { mirrored: true, degrees: 180 },
  5: { mirrored: true, degrees: 270 },
  6: { mirrored: false, degrees: 90 },
  7: { mirrored: true, degrees: 90 },
  8: { mirrored: false, degrees: 270 }
}

/** sharp mirrors before it turns, whatever the order of the calls. */
function oriented (photo: Sharp, orientation: PhotoFacts['orientation']): Sharp {
  const { mirrored, degrees } = uprights[orientation]
  if (mirrored) photo.flop()
  return degrees === 0 ? photo : photo.rotate(degrees)
}

function unreadable (detail: string): { problem: PhotoProblem } {
  return { problem: { code: 'unreadable', detail } }
}

/** Magic numbers at the start of a file, as Latin-1 text; `.` stands for any byte. */
const signatures: [type: string, pattern: RegExp][] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n.\n/s],
  ['webp', /^RIFF....WEBP/s],
  ['gif', /^GIF8[79]a/],
  ['avif', /^....ftyp(avif|avis)/s],
  ['heic', /^....ftyp(hei|hev|mif1|msf1)/s],
  ['tiff', /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/],
  ['bmp', /^BM/],
  ['jpeg-xl', /^(\xff\n|....JXL )/s],
  ['jpeg-2000', /^(....jP {2}|\xffO\xffQ)/s],
  ['pdf', /^%PDF-/],
  ['zip', /^PK/],
  ['video', /^....ftyp/s],
  ['svg', /^(\xef\xbb\xbf)?\s*(<\?xml[^]*?)?(<!--[^]*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg[\s/>]/i],
  ['html', /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|script)/i],
  ['empty', /^$/],
  ['data-url', /^data:[^,]{0,100},/],
  ['base64', /^[A-Za-z0-9+/\r\n]{200,}={0,2}\s*$/],
  ['text', /^[\t\n\r -~\x80-\xff]+$/]
]

/** Names the kind of file from its first bytes: never from a name or a header that the sender chose. */
export function sniffType (bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  return signatures.find(([, pattern]) => pattern.test(start))?.[0] ?? 'unknown'
}
