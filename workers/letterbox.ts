/** How a picture is laid on a network's canvas: stretched, or scaled with its aspect kept (letterbox). */
import type { Picture, Rect, Size } from './pixels.ts'
import { resize } from './resize.ts'

/**
 * Where a picture lies on a network's canvas. A canvas point maps back as x = (X - left) / scaleX, y likewise; the
 * scales are kept apart from the rounded size because the reference implementations divide by the exact ratio.
 */
export interface Placement extends Rect { scaleX: number, scaleY: number }

/** Fills the canvas and ignores the aspect. */
export function stretch (source: Size, canvas: Size): Placement {
  return { left: 0, top: 0, ...canvas, scaleX: canvas.width / source.width, scaleY: canvas.height / source.height }
}

/** Keeps the aspect, top left; sizes are cut, not rounded, and the scale comes from the height (InsightFace SCRFD). */
export function letterboxTopLeft (source: Size, canvas: Size): Placement {
  const aspect = source.height / source.width
  const tall = aspect > canvas.height / canvas.width
  const width = Math.max(1, tall ? Math.floor(canvas.height / aspect) : canvas.width)
  const height = Math.max(1, tall ? canvas.height : Math.floor(canvas.width * aspect))
  const scale = height / source.height
  return { left: 0, top: 0, width, height, scaleX: scale, scaleY: scale }
}

/** Keeps the aspect, centred; half a pixel too many goes to the right and the bottom (Ultralytics LetterBox). */
export function letterboxCentre (source: Size, canvas: Size): Placement {
  const ratio = Math.min(canvas.width / source.width, canvas.height / source.height)
  const width = Math.max(1, roundHalfEven(source.width * ratio))
  const height = Math.max(1, roundHalfEven(source.height * ratio))
  return {
    left: Math.round((canvas.width - width) / 2 - 0.1),
    top: Math.round((canvas.height - height) / 2 - 0.1),
    width,
    height,
    scaleX: ratio,
    scaleY: ratio
  }
}

/** Python's rounding: a row more or less moves every box of a photo whose scaled size ends in one half. */
function roundHalfEven (value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + floor % 2 : Math.round(value)
}

/** Draws `source` at `place` on the canvas and fills the rest with one grey level (0..255). */
export function drawOnCanvas (source: Picture, canvas: Picture, place: Placement, level: number): void {
  if (place.width !== canvas.width || place.height !== canvas.height) canvas.data.fill(level)
  resize(source, { left: 0, top: 0, width: source.width, height: source.height }, canvas, place)
}
