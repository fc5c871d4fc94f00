/** What an object detector saw beyond its labels, as numbers that a task can be taught from. */
import { boxArea, boxHeight, boxWidth } from './boxes.ts'
import type { Placement } from './letterbox.ts'
import type { Rect, Size } from './pixels.ts'
import type { Output } from './session.ts'
import type { Box, Detection, FeatureOutputs, ImageFeatures, SizedObjectDetector } from './types.ts'

/**
 * Raised with featureVersion of src/model-tools/features, which makes the outputs, or when they are pooled otherwise.
 */
const version = 1

/** Which numbers a detector gives; vectors may be compared only under one contract. */
export function featureContract ({
  sha256,
  input,
  features,
  int8
}: Pick<SizedObjectDetector, 'sha256' | 'input' | 'features' | 'int8'>): string {
  const numbers = `${features === undefined ? 'labels' : 'maps'}-${version}/${sha256.slice(0, 16)}/${Math.max(input.width, input.height)}`
  return int8 === undefined ? numbers : `${numbers}/${int8}`
}

/** Takes the outputs apart: what the detector answers, and the pooled maps. */
export function splitOutputs (
  outputs: Output[],
  maps: readonly FeatureOutputs[]
): { own: Output[], cells: Output[], max: Output[] } {
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

/**
 * Detections that get a region: less certain ones prove nothing, and those after the largest fill little of the
 * picture.
 */
const mostRegions = 6
const leastScore = 0.25

/** How far a region reaches beyond its box, in box sides: as far as the hands and what they work on. */
const surroundings = { across: 0.5, down: 0.25 }

/**
 * The means of every channel over the picture and over the regions of the largest detections, and the maxima, map after
 * map.
 */
export function poolMaps (
  cells: Output[],
  max: Output[],
  canvas: Size,
  place: Placement,
  detections: readonly Detection[]
): Omit<ImageFeatures, 'contract'> {
  const boxes = detections
    .filter(({ score }) => score >= leastScore)
    .map(({ box }) => box)
    .toSorted((a, b) => boxArea(b) - boxArea(a))
    .slice(0, mostRegions)
  const rectangles = [place, ...boxes.map(box => regionOf(box, place))]
  const means = cells.map(map => meansOver(map, canvas, rectangles))
  const [mean, ...regions] = rectangles.map((_, i) => joined(means.map(ofMap => ofMap[i]!)))
  return {
    mean: mean!,
    max: joined(max.map(({ data }) => data)),
    regions: boxes.map((box, i) => ({ box, mean: regions[i]! }))
  }
}

/** The box with its surroundings on the canvas, as far as they show the picture. */
function regionOf (box: Box, place: Placement): Rect {
  const x = surroundings.across * boxWidth(box)
  const y = surroundings.down * boxHeight(box)
  const [left, top] = [
    Math.max(place.left, (box[0] - x) * place.scaleX + place.left),
    Math.max(place.top, (box[1] - y) * place.scaleY + place.top)
  ]
  return {
    left,
    top,
    width: Math.min(place.left + place.width, (box[2] + x) * place.scaleX + place.left) - left,
    height: Math.min(place.top + place.height, (box[3] + y) * place.scaleY + place.top) - top
  }
}

/**
 * The mean of every channel over rectangles of the canvas; cells on their rim count by the share that lies inside. Each
 * channel is summed once into an integral image (Crow 1984), between whose points the sum is bilinear.
 */
function meansOver ({ data, shape }: Output, canvas: Size, rectangles: Rect[]): Float32Array[] {
  const [, channels = 0, rows = 0, columns = 0] = shape
  const stride = columns + 1
  const integral = new Float64Array(stride * (rows + 1))
  const scaleX = columns / canvas.width
  const scaleY = rows / canvas.height
  const corners = rectangles.map(({ left, top, width, height }) => {
    const [x1, x2, y1, y2] = [left * scaleX, (left + width) * scaleX, top * scaleY, (top + height) * scaleY]
    const area = (x2 - x1) * (y2 - y1)
    return [
      [x2, y2, 1],
      [x1, y2, -1],
      [x2, y1, -1],
      [x1, y1, 1]
    ].flatMap(([x, y, sign]) => pointsAround(x!, y!, columns, rows, sign! / area))
  })
  const indexes = corners.map(points => Int32Array.from(points, ({ index }) => index))
  const weights = corners.map(points => Float64Array.from(points, ({ weight }) => weight))
  const means = rectangles.map(() => new Float32Array(channels))
  for (let channel = 0, at = 0; channel < channels; channel++) {
    for (let row = 1; row <= rows; row++) {
      let line = 0
      for (let to = row * stride + 1, end = to + columns; to < end; to++) {
        line += data[at++]!
        integral[to] = integral[to - stride]! + line
      }
    }
    for (let i = 0; i < means.length; i++) {
      const points = indexes[i]!
      const shares = weights[i]!
      let sum = 0
      for (let point = 0; point < points.length; point++) sum += integral[points[point]!]! * shares[point]!
      means[i]![channel] = sum
    }
  }
  return means
}

/** The points of the integral image round a place, in cells, with their weights in its value there. */
function pointsAround (
  x: number,
  y: number,
  columns: number,
  rows: number,
  weight: number
): { index: number, weight: number }[] {
  const column = Math.min(Math.floor(x), columns - 1)
  const row = Math.min(Math.floor(y), rows - 1)
  const [right, below] = [x - column, y - row]
  const index = row * (columns + 1) + column
  return [
    { index, weight: weight * (1 - right) * (1 - below) },
    { index: index + 1, weight: weight * right * (1 - below) },
    { index: index + columns + 1, weight: weight * (1 - right) * below },
    { index: index + columns + 2, weight: weight * right * below }
  ]
}

function joined (parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** For a detector without maps that are known to be of use: the best score of each label, 0 for what was not seen. */
export function labelFeatures (
  detections: readonly Detection[],
  labels: readonly string[]
): Omit<ImageFeatures, 'contract'> {
  const max = Float32Array.from(labels, label => detections.find(detection => detection.label === label)?.score ?? 0)
  return { mean: new Float32Array(0), max, regions: [] }
}
