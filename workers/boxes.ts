/** Boxes: overlap, suppression, crop rules, and the way back from a network's canvas to the frame. */
import type { Placement } from './letterbox.ts'
import type { Rect, Size } from './pixels.ts'
import type { Box, Point } from './types.ts'

export interface Scored { box: Box, score: number }

export function boxWidth ([x1, , x2]: Box): number {
  return Math.max(0, x2 - x1)
}

export function boxHeight ([, y1, , y2]: Box): number {
  return Math.max(0, y2 - y1)
}

export function boxArea (box: Box): number {
  return boxWidth(box) * boxHeight(box)
}

/** Intersection over union, 0..1; 0 for boxes without area. */
export function iou (a: Box, b: Box): number {
  const common = boxArea([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])])
  return common === 0 ? 0 : common / (boxArea(a) + boxArea(b) - common)
}

/**
 * Greedy non-maximum suppression: best score first, without those that overlap a better one by more than `threshold`.
 */
export function suppress<T extends Scored> (candidates: T[], threshold: number): T[] {
  const kept: T[] = []
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.every(other => iou(candidate.box, other.box) <= threshold)) kept.push(candidate)
  }
  return kept
}

export function pointToFrame ([x, y]: Point, place: Placement): Point {
  return [(x - place.left) / place.scaleX, (y - place.top) / place.scaleY]
}

export function boxToFrame ([x1, y1, x2, y2]: Box, place: Placement): Box {
  return [...pointToFrame([x1, y1], place), ...pointToFrame([x2, y2], place)]
}

/** The part of the box inside the frame. */
export function clipBox ([x1, y1, x2, y2]: Box, { width, height }: Size): Box {
  const clamp = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit)
  return [clamp(x1, width), clamp(y1, height), clamp(x2, width), clamp(y2, height)]
}

/**
 * The box enlarged `scale` times round its centre, or as far as the frame allows, and shifted inside the frame, as
 * [left, top, right, bottom] with right and bottom being the last pixels inside, in fractions of a pixel. The rule of
 * Silent-Face-Anti-Spoofing (`_get_new_box`).
 */
export function scaledBoxInside (box: Box, scale: number, { width, height }: Size): Box {
  const w = Math.max(1, boxWidth(box))
  const h = Math.max(1, boxHeight(box))
  const factor = Math.min((height - 1) / h, (width - 1) / w, scale)
  const centreX = (box[0] + box[2]) / 2
  const centreY = (box[1] + box[3]) / 2
  let left = centreX - w * factor / 2
  let top = centreY - h * factor / 2
  let right = centreX + w * factor / 2
  let bottom = centreY + h * factor / 2
  if (left < 0) { right -= left; left = 0 }
  if (top < 0) { bottom -= top; top = 0 }
  if (right > width - 1) { left -= right - width + 1; right = width - 1 }
  if (bottom > height - 1) { top -= bottom - height + 1; bottom = height - 1 }
  return [left, top, right, bottom]
}

/** The square of side `scale` times the longer side of the box, round its centre; may reach beyond the frame. */
export function squareAround (box: Box, scale: number): Rect {
  const side = Math.max(1, Math.trunc(scale * Math.max(boxWidth(box), boxHeight(box))))
  return {
    left: Math.trunc((box[0] + box[2]) / 2 - side / 2),
    top: Math.trunc((box[1] + box[3]) / 2 - side / 2),
    width: side,
    height: side
  }
}
