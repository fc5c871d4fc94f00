/** What an object detector saw beyond its labels, as numbers that a task can be taught from. */
import type { Placement, Size } from './pixels.ts'
import type { Output } from './session.ts'
import type { Detection, FeatureOutputs, ImageFeatures, SizedObjectDetector } from './types.ts'

/** Raised with featureVersion of src/model-tools/features, which makes the outputs, or when they are pooled otherwise. */
const version = 1

/** Which numbers a detector gives; vectors may be compared only under one contract. */
export function featureContract ({ sha256, input, features }: SizedObjectDetector): string {
  return `${features === undefined ? 'labels' : 'maps'}-${version}/${sha256.slice(0, 16)}/${Math.max(input.width, input.height)}`
}

/** Takes the outputs apart: what the detector answers, and the pooled maps. */
export function splitOutputs (outputs: Output[], maps: readonly FeatureOutputs[]): { own: Output[], cells: Output[], max: Output[] } {
  const byName = new Map(outputs.map(output => [output.name, output]))
  const take = (name: string): Output => {
    const output = byName.get(name)!
    byName.delete(name)
    return output
  }
  const cells = maps.map(map => take(map.cells))
  const max = maps.map(map => take(map.max))
  return { own: [...byName.values()], cells, max }
}

/** The mean of every channel over the part of the canvas that shows the picture, and its maximum, map after map. */
export function poolMaps (cells: Output[], max: Output[], canvas: Size, place: Placement): Pick<ImageFeatures, 'mean' | 'max'> {
  const channels = cells.map(({ shape }) => shape[1]!)
  const length = channels.reduce((sum, count) => sum + count, 0)
  const features = { mean: new Float32Array(length), max: new Float32Array(length) }
  let at = 0
  cells.forEach(({ data, shape }, i) => {
    const [, count = 0, rows = 0, columns = 0] = shape
    const weights = coverage(place, canvas, { width: columns, height: rows })
    for (let channel = 0; channel < count; channel++) {
      let sum = 0
      const start = channel * weights.length
      for (let cell = 0; cell < weights.length; cell++) sum += data[start + cell]! * weights[cell]!
      features.mean[at + channel] = sum
    }
    features.max.set(max[i]!.data.subarray(0, count), at)
    at += count
  })
  return features
}

/** The share that each cell has in a rectangle of the canvas, row by row; together 1. */
function coverage ({ left, top, width, height }: Placement, canvas: Size, cells: Size): Float32Array {
  const across = covered(left, left + width, canvas.width, cells.width)
  const down = covered(top, top + height, canvas.height, cells.height)
  return Float32Array.from(down.flatMap(y => across.map(x => x * y)))
}

function covered (from: number, to: number, length: number, cells: number): number[] {
  const cell = length / cells
  return Array.from({ length: cells }, (_, i) => Math.max(0, Math.min(to, (i + 1) * cell) - Math.max(from, i * cell)) / (to - from))
}

/** For a detector without maps that are known to be of use: the best score of each label, 0 for what was not seen. */
export function labelFeatures (detections: readonly Detection[], labels: readonly string[]): Pick<ImageFeatures, 'mean' | 'max'> {
  const max = Float32Array.from(labels, label => detections.find(detection => detection.label === label)?.score ?? 0)
  return { mean: new Float32Array(0), max }
}
