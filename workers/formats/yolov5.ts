/** YOLOv5: one output [1, N, 5 + classes], centre x, centre y, width, height, objectness, class probabilities. */
import { letterboxCentre } from '../letterbox.ts'
import type { Output } from '../session.ts'
import { type ObjectCandidate, type ObjectFormat, wrongShape } from './format.ts'

export const yolov5: ObjectFormat = {
  place: letterboxCentre,
  decode (outputs, _canvas, threshold) {
    const { data, classes, count } = read(outputs)
    const candidates: ObjectCandidate[] = []
    for (let at = 0; at < count * (5 + classes); at += 5 + classes) {
      const objectness = data[at + 4]!
      if (objectness < threshold) continue
      let classIndex = 0
      for (let index = 1; index < classes; index++) {
        if (data[at + 5 + index]! > data[at + 5 + classIndex]!) classIndex = index
      }
      const score = objectness * data[at + 5 + classIndex]!
      if (score < threshold) continue
      const x = data[at]!
      const y = data[at + 1]!
      const w = data[at + 2]!
      const h = data[at + 3]!
      candidates.push({ score, classIndex, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] })
    }
    return candidates
  },
  countClasses: outputs => read(outputs).classes
}

function read (outputs: Output[]): { data: Float32Array, classes: number, count: number } {
  const [batch, count = 0, columns = 0] = outputs[0]?.shape ?? []
  if (batch !== 1 || columns < 6 || columns > count) throw wrongShape('yolov5', '[1, N, 5 + classes] first', outputs)
  return { data: outputs[0]!.data, classes: columns - 5, count }
}
