/** How far a face can be recognised at all: the quality of a biometric sample in the sense of ISO/IEC 29794-5. */
import type { FaceEmbedderModel } from '../src/models/manifest.ts'
import type { Embedded } from './face-embedder.ts'

type Calibration = NonNullable<FaceEmbedderModel['quality']>

/** 0..1, the probability that the face is one that can be recognised; null where the embedder was never calibrated. */
export type Recognisability = (embedded: Embedded) => number | null

/**
 * A network embeds whatever it is given, half a face as well as a chair. Two things distinguish such an embedding from
 * that of a face: it is short before it is made a unit vector, and it points where all faces that are spoilt in this
 * way point, which is also why strangers match there. So the score is a logistic function of the length's logarithm and
 * of the highest cosine to a prototype, which is the mean of faces that were spoilt in one way.
 */
export function createRecognisability (calibration: Calibration | undefined): Recognisability {
  if (calibration === undefined) return () => null
  const { intercept, length: perLength, spoilt: perCosine } = calibration
  const prototypes = calibration.prototypes.map(unpackPrototype)
  return ({ embedding, length }) => {
    const spoilt = Math.max(...prototypes.map(prototype => dot(prototype, embedding)))
    return 1 / (1 + Math.exp(-(intercept + perLength * Math.log(Math.max(length, 1e-6)) + perCosine * spoilt)))
  }
}

/** The unit vector that 8-bit numbers in base64 stand for. */
export function unpackPrototype (text: string): Float32Array {
  const numbers = new Int8Array(Buffer.from(text, 'base64'))
  const length = Math.hypot(...numbers)
  return Float32Array.from(numbers, number => number / length)
}

function dot (a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
