/** Judges whether a face is a live person or a picture of one. */
import { scaledBoxInside, squareAround } from './boxes.ts'
import { createPicture, cropReflected, type Picture, pictureOf, type Rect, type Size } from './pixels.ts'
import { inputLength, toPlanes } from './network-input.ts'
import { resize, shrinkByArea } from './resize.ts'
import type { Session } from './session.ts'
import type { Box, Frame, Liveness, ModelSet } from './types.ts'

type LivenessModel = ModelSet['liveness'][number]

/** Log-odds that the face in `box` is live: above 0 when that is likelier than not. */
export type LivenessJudge = (frame: Frame, box: Box) => Promise<number>

export function createLivenessJudge (model: LivenessModel, session: Session): LivenessJudge {
  const canvas = createPicture(model.input.width, model.input.height)
  const values = new Float32Array(inputLength(canvas, model.input.channels))
  const shape = [1, values.length / canvas.width / canvas.height, canvas.height, canvas.width]

  return async (frame, box) => {
    drawCrop(model, pictureOf(frame), box, canvas)
    toPlanes(canvas, model.input, values)
    const [output] = await session.run(values, shape)
    return logOdds(output!.data, model.realClass)
  }
}

/** One voice among several; `weight` is relative to the others' and 1 where absent. */
export interface LivenessMember {
  id: string
  judge: LivenessJudge
  weight?: number | undefined
}

/**
 * Fuses the models: the probability that belongs to the weighted mean of their log-odds. A mean of probabilities
 * forgets how sure a model is beyond 0.99; on cameras left out it errs more often (docs/liveness.md).
 */
export async function judgeLiveness (members: LivenessMember[], frame: Frame, box: Box): Promise<Liveness> {
  const models = []
  let [sum, total] = [0, 0]
  for (const { id, judge, weight = 1 } of members) {
    const odds = await judge(frame, box)
    models.push({ id, score: probability(odds) })
    sum += weight * odds
    total += weight
  }
  return { score: probability(sum / total), models }
}

/**
 * Each crop rule resizes as its reference does; only enlarging differs for square-reflect (there Lanczos, here
 * bilinear).
 */
function drawCrop ({ crop: { rule, scale } }: LivenessModel, picture: Picture, box: Box, canvas: Picture): void {
  const whole: Rect = { left: 0, top: 0, width: canvas.width, height: canvas.height }
  if (rule === 'silent-face') return resize(picture, silentFaceCrop(box, scale, picture), canvas, whole)

  const square = cropReflected(picture, squareAround(box, scale))
  if (square.width >= canvas.width && square.height >= canvas.height) shrinkByArea(square, canvas)
  else resize(square, { left: 0, top: 0, width: square.width, height: square.height }, canvas, whole)
}

/**
 * The rectangle of Silent-Face-Anti-Spoofing: enlarged, shifted inside the frame, cut to whole pixels, rims included.
 */
export function silentFaceCrop (box: Box, scale: number, frame: Size): Rect {
  const [left, top, right, bottom] = scaledBoxInside(box, scale, frame).map(Math.trunc) as Box
  return { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/** Probabilities from logits. */
export function softmax (logits: Float32Array): number[] {
  const largest = Math.max(...logits)
  const powers = Array.from(logits, logit => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map(power => power / sum)
}

/** Log-odds of one class against all others, from logits: log(p / (1 - p)) without the rounding of p near 0 and 1. */
export function logOdds (logits: Float32Array, index: number): number {
  const others = Array.from(logits).toSpliced(index, 1)
  const largest = Math.max(...others)
  return logits[index]! - largest - Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - largest), 0))
}

/** Probability, 0..1, of log-odds. */
export function probability (odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}
