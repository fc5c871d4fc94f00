/** How much a photo looks like a task that was taught by examples. */
import type { Box, ImageFeatures } from '../../../workers/types.ts'
import { fitsContract, type Scene } from './scene-file.ts'

/**
 * The probability, 0..1, that the photo shows the scene on the subject, if as many photos show it as do not. Null when
 * the features are not those that the scene was taught with.
 * @param box of the subject; null: the whole picture stands for its region
 */
export function judgeScene (scene: Scene, features: ImageFeatures | null, box: Box | null): number | null {
  if (features === null || !fitsContract(scene, features.contract)) return null
  return judgeNumbers(scene, numbersOf(features, box))
}

/** As judgeScene, from the numbers of a photo. */
export function judgeNumbers (scene: Scene, numbers: Float32Array): number | null {
  if (numbers.length !== scene.weights.length) return null
  let sum = scene.bias
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * scene.weights[i]!
  return probability(sum, scene.calibration)
}

export function probability (sum: number, { slope, offset }: Scene['calibration']): number {
  return 1 / (1 + Math.exp(-(slope * sum + offset)))
}

/** What a scene is judged by: means and maxima of the picture, and the means of the subject's region. */
export function numbersOf ({ mean, max, regions }: ImageFeatures, box: Box | null): Float32Array {
  const region = regions.find(({ box: other }) => box !== null && other.every((value, i) => value === box[i]))?.mean ??
    mean
  const numbers = new Float32Array(mean.length + max.length + region.length)
  numbers.set(mean)
  numbers.set(max, mean.length)
  numbers.set(region, mean.length + max.length)
  return numbers
}
