/** Detectors that suppress overlaps themselves: one output [1, N, 6], x1, y1, x2, y2, score, class index. */
import { letterboxCentre } from '../letterbox.ts'
import { type ObjectCandidate, type ObjectFormat, wrongShape } from './format.ts'

export const endToEnd: ObjectFormat = {
  place: letterboxCentre,
  decode (outputs, _canvas, threshold) {
    const output = outputs[0]
    if (outputs.length !== 1 || output?.shape.length !== 3 || output.shape[0] !== 1 || output.shape[2] !== 6) {
      throw wrongShape('end-to-end', 'one of [1, N, 6]', outputs)
    }
    const { data } = output
    const candidates: ObjectCandidate[] = []
    for (let at = 0; at < data.length; at += 6) {
      const score = data[at + 4]!
      if (score < threshold) continue
      candidates.push({
        score,
        classIndex: Math.round(data[at + 5]!),
        box: [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!]
      })
    }
    return candidates
  },
  countClasses: () => null
}
