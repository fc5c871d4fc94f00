/** Mean average precision of a detector at one overlap, by COCO's method. */
import { iou, type Scored } from '../../workers/boxes.ts'
import type { Box, Detection } from '../../workers/types.ts'

export interface LabelledBox {
  label: string
  box: Box
}

export interface Judged {
  truth: readonly LabelledBox[]
  detections: readonly Detection[]
}

/** Detections of one class that COCO counts a photo. */
const perPhoto = 100

/**
 * mAP over the classes that occur in the truth, 0..1, each with the number of its boxes. A detection is right when it
 * overlaps a box of its class, not yet taken by a better detection, by at least `overlap` (intersection over union).
 */
export function meanAveragePrecision (photos: readonly Judged[], overlap: number): {
  mean: number,
  classes: { label: string, boxes: number, ap: number }[]
} {
  const labels = [...new Set(photos.flatMap(({ truth }) => truth.map(({ label }) => label)))].sort()
  const classes = labels.map(label => {
    const ofClass = photos.map(({ truth, detections }) => ({
      truth: truth.filter(box => box.label === label).map(({ box }) => box),
      detections: detections.filter(detection => detection.label === label).slice(0, perPhoto)
    }))
    const boxes = ofClass.reduce((sum, { truth }) => sum + truth.length, 0)
    const hits = ofClass.flatMap(({ truth, detections }) => judge(truth, detections, overlap))
    return { label, boxes, ap: averagePrecision(hits, boxes) }
  })
  return { mean: classes.reduce((sum, { ap }) => sum + ap, 0) / classes.length, classes }
}

function judge (
  truth: readonly Box[],
  detections: readonly Scored[],
  overlap: number
): { score: number, right: boolean }[] {
  const free = new Set(truth)
  return detections.toSorted((a, b) => b.score - a.score).map(({ box, score }) => {
    const best = [...free].map(candidate => ({
      candidate,
      common: iou(candidate, box)
    })).sort((a, b) => b.common - a.common)[0]
    const right = best !== undefined && best.common >= overlap
    if (right) free.delete(best.candidate)
    return { score, right }
  })
}

/** Area under the precision-recall curve of one class, sampled at 101 recalls (COCO). */
export function averagePrecision (hits: readonly { score: number, right: boolean }[], boxes: number): number {
  let right = 0
  const curve = hits.toSorted((a, b) => b.score - a.score).map((hit, i) => {
    if (hit.right) right++
    return { recall: right / boxes, precision: right / (i + 1) }
  })
  // Precision at a recall is the best that any higher recall still reaches.
  for (let i = curve.length - 2; i >= 0; i--) {
    curve[i]!.precision = Math.max(
      curve[i]!.precision,
      curve[i + 1]!.precision
    )
  }
  let sum = 0
  for (let step = 0; step <= 100; step++) sum += curve.find(({ recall }) => recall >= step / 100)?.precision ?? 0
  return sum / 101
}
