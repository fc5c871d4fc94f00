/**
 * Ultralytics YOLOv8 and later: one output [1, 4 + classes, N], centre x, centre y, width, height, class probabilities.
 */
import { letterboxCentre } from '../letterbox.ts'
import type { Output } from '../session.ts'
import { type ObjectCandidate, type ObjectFormat, wrongShape } from './format.ts'

export const yolov8: ObjectFormat = {
  place: letterboxCentre,
  decode (outputs, _canvas, threshold) {
    const { data, classes, count } = read(outputs)
    const best = new Float32Array(count)
    const bestClass = new Int32Array(count)
    // Class by class, because that is the order in memory.
    for (let index = 0; index < classes; index++) {
      const start = (4 + index) * count
      for (let i = 0; i < count; i++) {
        // Nearly all scores end here: without a look at the best ones this is twice as fast.
        if (data[start + i]! < threshold) continue
        if (data[start + i]! > best[i]!) {
          best[i] = data[start + i]!
          bestClass[i] = index
        }
      }
    }
    const candidates: ObjectCandidate[] = []
    for (let i = 0; i < count; i++) {
      if (best[i]! < threshold) continue
      const x = data[i]!
      const y = data[count + i]!
      const w = data[2 * count + i]!
      const h = data[3 * count + i]!
      candidates.push({ score: best[i]!, classIndex: bestClass[i]!, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] })
    }
    return candidates
  },
  countClasses: outputs => read(outputs).classes
}

function read (outputs: Output[]): { data: Float32Array, classes: number, count: number } {
  const [batch, rows = 0, count = 0] = outputs[0]?.shape ?? []
  // More rows than columns would be the transposed layout of YOLOv5.
  if (outputs.length !== 1 || batch !== 1 || rows < 5 || rows > count) { throw wrongShape('yolov8', 'one of [1, 4 + classes, N]', outputs) }
  return { data: outputs[0]!.data, classes: rows - 4, count }
}
