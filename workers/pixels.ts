/** 8-bit RGB pixels: the picture, its crop and its grey levels. */
import type { Frame } from './types.ts'

/** 8-bit RGB, row by row: `data` has width * height * 3 bytes. */
export interface Picture {
  width: number
  height: number
  data: Uint8Array
}

export interface Size { width: number, height: number }

/** A rectangle of whole pixels. */
export interface Rect extends Size { left: number, top: number }

export function createPicture (width: number, height: number): Picture {
  return { width, height, data: new Uint8Array(width * height * 3) }
}

/** The frame's shared memory seen as a picture; nothing is copied. */
export function pictureOf (frame: Frame): Picture {
  return {
    width: frame.width,
    height: frame.height,
    data: new Uint8Array(frame.pixels, 0, frame.width * frame.height * 3)
  }
}

/**
 * Copies a rectangle that may reach beyond the picture; what lies outside is mirrored without repeating the rim
 * (OpenCV's BORDER_REFLECT_101).
 */
export function cropReflected (source: Picture, { left, top, width, height }: Rect): Picture {
  const crop = createPicture(width, height)
  let out = 0
  for (let y = 0; y < height; y++) {
    const row = reflect(top + y, source.height) * source.width
    for (let x = 0; x < width; x++) {
      const at = (row + reflect(left + x, source.width)) * 3
      crop.data[out++] = source.data[at]!
      crop.data[out++] = source.data[at + 1]!
      crop.data[out++] = source.data[at + 2]!
    }
  }
  return crop
}

function reflect (position: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const phase = ((position % period) + period) % period
  return phase < length ? phase : period - phase
}

/** Grey levels of a picture by the ITU-R BT.601 weights, 0..255, one value a pixel, not rounded. */
export function greyLevels ({ data }: Picture, output: Float32Array = new Float32Array(data.length / 3)): Float32Array {
  for (let i = 0, at = 0; at < data.length; i++, at += 3) {
    output[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
  }
  return output
}
