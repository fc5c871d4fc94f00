/**
 * YOLOX as its own export writes it: one output [1, N, 5 + classes], N the cells of the strides 8, 16 and 32, row by
 * row. Centre as an offset from the cell in strides, width and height as logarithms of strides, objectness, class
 * probabilities (github.com/Megvii-BaseDetection/YOLOX, demo_postprocess).
 */
import { letterboxTopLeft } from '../letterbox.ts'
import { type ObjectCandidate, type ObjectFormat, wrongShape } from './format.ts'

const strides = [8, 16, 32]

export const yolox: ObjectFormat = {
  place: letterboxTopLeft,
  decode (outputs, canvas, threshold) {
    const grids = strides.map(stride => ({
      stride,
      columns: Math.floor(canvas.width / stride),
      rows: Math.floor(canvas.height / stride)
    }))
    const count = grids.reduce((sum, { columns, rows }) => sum + columns * rows, 0)
    const [batch, found, width = 0] = outputs[0]?.shape ?? []
    if (outputs.length !== 1 || batch !== 1 || found !== count || width < 6) { throw wrongShape('yolox', `one of [1, ${count}, 5 + classes]`, outputs) }
    const { data } = outputs[0]!

    const candidates: ObjectCandidate[] = []
    let at = 0
    for (const { stride, columns, rows } of grids) {
      for (let cell = 0; cell < columns * rows; cell++, at += width) {
        const objectness = data[at + 4]!
        if (objectness < threshold) continue
        const classes = data.subarray(at + 5, at + width)
        const classIndex = classes.reduce((best, score, index) => score > classes[best]! ? index : best, 0)
        const score = objectness * classes[classIndex]!
        if (score < threshold) continue
        const x = (data[at]! + cell % columns) * stride
        const y = (data[at + 1]! + Math.floor(cell / columns)) * stride
        const w = Math.exp(data[at + 2]!) * stride
        const h = Math.exp(data[at + 3]!) * stride
        candidates.push({ score, classIndex, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] })
      }
    }
    return candidates
  },
  countClasses: outputs => (outputs[0]?.shape[2] ?? 5) - 5
}
