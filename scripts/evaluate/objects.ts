/** The object detector on labelled photos. */
import { type Bench, lookAtAll } from './bench.ts'
import { meanAveragePrecision } from './average-precision.ts'
import type { Table } from './table.ts'

const overlap = 0.5

export async function evaluateObjects (bench: Bench, confidence: number): Promise<Table[]> {
  const photos = []
  for (const { truth, look } of await lookAtAll(bench, 'objects of coco', bench.photos.coco)) {
    photos.push({
      truth: truth.map(({ label, box: [x1, y1, x2, y2] }) => ({
        label,
        box: [
          x1 * look.width,
          y1 * look.height,
          x2 * look.width,
          y2 * look.height
        ] as [number, number, number, number]
      })),
      detections: (await look.objects()).detections
    })
  }
  if (photos.length === 0) return []
  const confident = photos.map(({ truth, detections }) => ({
    truth,
    detections: detections.filter(({ score }) => score >= confidence)
  }))
  return [{
    title: 'Object detector: mean average precision at IoU 0.5',
    rows: [{ least: leastScore, set: photos }, { least: confidence, set: confident }].map(({ least, set }) => {
      const { mean, classes } = meanAveragePrecision(set, overlap)
      return {
        'detections from': least,
        photos: set.length,
        boxes: classes.reduce((sum, { boxes }) => sum + boxes, 0),
        classes: classes.length,
        mAP50: mean,
        'AP50 person': classes.find(({ label }) => label === 'person')?.ap ?? null
      }
    })
  }]
}

/** Average precision looks at weak detections too; what is in use drops them. */
export const leastScore = 0.001
