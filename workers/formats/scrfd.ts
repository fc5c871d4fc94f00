/**
 * SCRFD with five points (InsightFace): for each stride the scores [N, 1], the distances to the box sides [N, 4] and
 * the offsets of the points [N, 10], in units of the stride, with or without a batch axis. N = 2 anchors x cells, row
 * by row.
 */
import type { Point } from '../types.ts'
import { type FaceFormat, wrongShape } from './format.ts'

const strides = [8, 16, 32]
const anchors = 2

export const scrfd: FaceFormat = {
  givesPoints: true,
  decode: (outputs, canvas, threshold) => strides.flatMap(stride => {
    const columns = Math.ceil(canvas.width / stride)
    const count = anchors * columns * Math.ceil(canvas.height / stride)
    const find = (length: number): Float32Array => {
      const found = outputs.find(({ shape, data }) => shape.at(-1) === length && data.length === count * length)
      if (found === undefined) throw wrongShape('scrfd', `one of [${count}, ${length}] for stride ${stride}`, outputs)
      return found.data
    }
    const scores = find(1)
    const sides = find(4)
    const offsets = find(10)

    return candidatesAbove(scores, threshold).map(i => {
      const cell = Math.floor(i / anchors)
      const x = cell % columns * stride
      const y = Math.floor(cell / columns) * stride
      const side = (n: number): number => sides[i * 4 + n]! * stride
      const point = (n: number): Point => [
        x + offsets[i * 10 + 2 * n]! * stride,
        y + offsets[i * 10 + 2 * n + 1]! * stride
      ]
      return {
        score: scores[i]!,
        box: [x - side(0), y - side(1), x + side(2), y + side(3)],
        points: [point(0), point(1), point(2), point(3), point(4)]
      }
    })
  })
}

function candidatesAbove (scores: Float32Array, threshold: number): number[] {
  const found: number[] = []
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! >= threshold) found.push(i)
  }
  return found
}
