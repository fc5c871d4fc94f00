/** What a photo costs the workers, from its first bytes: a small file may hold very many pixels. */

/** One photo costs about 78 ms of CPU time, and 7.5 ms more for each megapixel (bench/RESULTS.md, "Throughput"). */
const PHOTO_MS = 78
const MEGAPIXEL_MS = 7.5

/** Markers of a JPEG that are looked at before its size; ordinary files have a dozen. */
const MAX_SEGMENTS = 500

/** @returns multiples of a photo without pixels, from 1; a photo whose size cannot be read counts like the largest */
export function photoCost (bytes: Uint8Array, maxPixels: number): number {
  const pixels = Math.min(pixelsOf(bytes) ?? maxPixels, maxPixels)
  return 1 + pixels / 1e6 * MEGAPIXEL_MS / PHOTO_MS
}

/** Pixels as the header of a JPEG, PNG or WebP file declares them; null when there is no such header. */
export function pixelsOf (bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (view.getUint32(0) === 0x89504e47) return view.getUint32(16) * view.getUint32(20)
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return pixelsOfWebp(view)
    if (view.getUint16(0) === 0xffd8) return pixelsOfJpeg(view)
  } catch (error) {
    // The file ends before its size.
    if (!(error instanceof RangeError)) throw error
  }
  return null
}

/** RFC 9649, section 2: the first chunk holds the size, in one of three forms. */
function pixelsOfWebp (view: DataView): number | null {
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65536
  switch (view.getUint32(12)) {
    case 0x56503858: return (uint24(24) + 1) * (uint24(27) + 1)
    case 0x5650384c: {
      const sizes = view.getUint32(21, true)
      return ((sizes & 0x3fff) + 1) * ((sizes >>> 14 & 0x3fff) + 1)
    }
    case 0x56503820: return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff)
    default: return null
  }
}

/** ITU-T T.81, annex B: segments up to the start of a frame, which holds the size. */
function pixelsOfJpeg (view: DataView): number | null {
  let at = 2
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    if (view.getUint8(at) !== 0xff) return null
    // Fill bytes.
    while (view.getUint8(at + 1) === 0xff) at++
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return view.getUint16(at + 5) * view.getUint16(at + 7)
    at += 2 + view.getUint16(at + 2)
  }
  return null
}
