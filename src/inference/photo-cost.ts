/** What a photo costs the workers, from its first bytes: a small file may hold very many pixels. */

/** One photo costs about 78 ms of CPU time besides its pixels (bench/RESULTS.md, "Throughput"). */
const PHOTO_MS = 78

/**
 * Decoding and looking at one more megapixel, milliseconds of CPU time (bench/NOTES.md, "What a photo costs"): of files
 * that a camera makes, while flat ones of very many pixels are below. What a photo took is charged when it is known.
 */
const MEGAPIXEL_MS = { jpeg: 7.5, png: 15, webp: 40 }

type Kind = keyof typeof MEGAPIXEL_MS

/** Markers of a JPEG that are looked at before its size; ordinary files have a dozen. */
const MAX_SEGMENTS = 500

/** @returns milliseconds of a worker; a photo whose size cannot be read counts like the dearest */
export function photoCost (bytes: Uint8Array, maxPixels: number): number {
  const header = headerOf(bytes) ?? { kind: 'webp', pixels: maxPixels }
  return PHOTO_MS + Math.min(header.pixels, maxPixels) / 1e6 * MEGAPIXEL_MS[header.kind]
}

/** Pixels as the header of a JPEG, PNG or WebP file declares them; null when there is no such header. */
export function headerOf (bytes: Uint8Array): { kind: Kind, pixels: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (view.getUint32(0) === 0x89504e47) return { kind: 'png', pixels: view.getUint32(16) * view.getUint32(20) }
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return of('webp', pixelsOfWebp(view))
    if (view.getUint16(0) === 0xffd8) return of('jpeg', pixelsOfJpeg(view))
  } catch (error) {
    // The file ends before its size.
    if (!(error instanceof RangeError)) throw error
  }
  return null
}

function of (kind: Kind, pixels: number | null): { kind: Kind, pixels: number } | null {
  return pixels === null ? null : { kind, pixels }
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
