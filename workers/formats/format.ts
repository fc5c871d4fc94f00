/** What every output format turns a network's raw output into. Coordinates are pixels of the network's canvas. */
import type { Scored } from '../boxes.ts'
import { ModelError } from '../model-error.ts'
import type { Placement } from '../letterbox.ts'
import type { Size } from '../pixels.ts'
import type { Output } from '../session.ts'
import type { FivePoints } from '../types.ts'

/** `points` is null where the format gives boxes only. */
export interface FaceCandidate extends Scored { points: FivePoints | null }

export interface FaceFormat {
  /** False: a landmarks model has to find the five points. */
  givesPoints: boolean
  /**
   * Candidates with at least the score `threshold`, before suppression. Throws ModelError for outputs of another
   * format.
   */
  decode (outputs: Output[], canvas: Size, threshold: number): FaceCandidate[]
}

export interface ObjectCandidate extends Scored { classIndex: number }

export interface ObjectFormat {
  /** Where the picture lies on the canvas, as in the network's training. */
  place: (source: Size, canvas: Size) => Placement
  /** As for faces. */
  decode (outputs: Output[], canvas: Size, threshold: number): ObjectCandidate[]
  /** Number of classes by the output's shape; null where it does not. */
  countClasses (outputs: Output[]): number | null
}

export function wrongShape (format: string, expected: string, outputs: Output[]): ModelError {
  const found = outputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
  return new ModelError(
    'model_refused',
    `Expected the outputs of the format ${format}: ${expected}; found ${found}. Correct "format" in the manifest entry or use another export.`
  )
}
