/**
 * Ultra-Light-Fast-Generic-Face-Detector: scores [1, N, 2] (class 1 = face) and boxes [1, N, 4] as x1, y1, x2, y2 in
 * fractions of the canvas, already decoded; no points.
 */
import { type FaceCandidate, type FaceFormat, wrongShape } from './format.ts'

export const ultralight: FaceFormat = {
  givesPoints: false,
  decode (outputs, canvas, threshold) {
    const scores = outputs.find(({ shape }) => shape.at(-1) === 2)
    const boxes = outputs.find(({ shape }) => shape.at(-1) === 4)
    if (scores === undefined || boxes === undefined || scores.data.length * 2 !== boxes.data.length) {
      throw wrongShape('ultralight', 'scores [1, N, 2] and boxes [1, N, 4]', outputs)
    }
    const candidates: FaceCandidate[] = []
    for (let i = 0; i < scores.data.length / 2; i++) {
      const score = scores.data[2 * i + 1]!
      if (score < threshold) continue
      const x = (n: number): number => boxes.data[4 * i + n]! * canvas.width
      const y = (n: number): number => boxes.data[4 * i + n]! * canvas.height
      candidates.push({ score, box: [x(0), y(1), x(2), y(3)], points: null })
    }
    return candidates
  }
}
