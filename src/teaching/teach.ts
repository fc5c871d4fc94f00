/**
 * From the numbers of labelled photos to a scene: weights, calibration, threshold, and figures that were
 * cross-validated by origin.
 */
import { probability } from '../tasks/scenes/judge-scene.ts'
import type { Figures, SceneFile } from '../tasks/scenes/scene-file.ts'
import { type Example, fitLogistic, sumOf } from './logistic.ts'
import { areaUnderCurve, rateAt, thresholdFor } from './rates.ts'

export type PhotoClass = 'yes' | 'no' | 'near'

export interface TaughtPhoto {
  file: string
  class: PhotoClass
  /** Photos of one origin (a camera, an afternoon, a website) are never taught and judged together. */
  origin: string
  /** Null where the subject was not found: such a photo cannot be proved, and teaches nothing. */
  numbers: Float32Array | null
  /** The numbers of the photo seen in a mirror, for teaching only. */
  mirrored: Float32Array | null
}

export interface TeachOptions {
  /** Most of the other photos, and of the near misses, that may be proved, 0..1. */
  falseRate: number
  nearRate: number
  /** What a near miss counts in teaching, in other photos. */
  nearWeight: number
  /** Called after each of the folds and the final fit. */
  onStep?: (done: number, of: number) => void
}

export interface Taught extends Pick<SceneFile, 'bias' | 'calibration' | 'threshold'> {
  weights: Float32Array
  figures: Figures
  /** The probability that each photo got from weights that were taught without its origin; 0 without a subject. */
  scores: number[]
}

/**
 * Shrinkage for each photo, over the square root of the number of numbers: chosen by cross-validation on the photos of
 * docs/tasks.md.
 */
const SHRINKAGE = 0.1
/** Parts that take turns in being left out; an origin always lies in one of them. */
const FOLDS = 8

export const leastPhotos = { yes: 10, no: 20, origins: 2 }

/** Why these photos cannot teach, in a sentence with numbers; null when they can. */
export function teachingProblem (photos: readonly Pick<TaughtPhoto, 'class' | 'origin'>[]): string | null {
  const count = (...classes: PhotoClass[]) => photos.filter(photo => classes.includes(photo.class)).length
  const origins = (...classes: PhotoClass[]) => new Set(
    photos.filter(photo => classes.includes(photo.class)).map(({ origin }) => origin)
  ).size
  const [yes, no] = [count('yes'), count('no', 'near')]
  if (yes < leastPhotos.yes || no < leastPhotos.no) { return `Expected at least ${leastPhotos.yes} photos of the task and ${leastPhotos.no} others, found ${yes} and ${no}. Add photos.` }
  const [from, others] = [origins('yes'), origins('no', 'near')]
  if (from < leastPhotos.origins || others < leastPhotos.origins) { return `Expected photos from at least ${leastPhotos.origins} origins of each kind, found ${from} of the task and ${others} of others: nothing could say how photos of another origin will fare. Sort them into one folder an origin, or name the origins in a labels file.` }
  return null
}

/** @throws {Error} when `teachingProblem` would have said why */
export function teach (photos: readonly TaughtPhoto[], options: TeachOptions): Taught {
  const problem = teachingProblem(photos)
  if (problem !== null) throw new Error(problem)
  const folds = foldsByOrigin(photos)
  const steps = FOLDS + 1
  const sums: number[] = Array(photos.length).fill(Number.NEGATIVE_INFINITY)
  for (let fold = 0; fold < FOLDS; fold++) {
    const judged = photos.flatMap((photo, i) => folds[i] === fold && photo.numbers !== null ? [i] : [])
    if (judged.length > 0) {
      const { weights, bias } = weightsFrom(photos.filter((_, i) => folds[i] !== fold), options)
      for (const i of judged) sums[i] = sumOf({ weights, bias }, photos[i]!.numbers!)
    }
    options.onStep?.(fold + 1, steps)
  }
  const calibration = calibrate(photos, sums)
  const scores = sums.map(sum => sum === Number.NEGATIVE_INFINITY ? 0 : probability(sum, calibration))
  const of = (wanted: PhotoClass) => scores.filter((_, i) => photos[i]!.class === wanted)
  const threshold = Math.max(thresholdFor(of('no'), options.falseRate), thresholdFor(of('near'), options.nearRate))
  const { weights, bias } = weightsFrom(photos, options)
  options.onStep?.(steps, steps)
  return {
    weights: Float32Array.from(weights),
    bias,
    calibration,
    threshold,
    figures: {
      auc: areaUnderCurve(of('yes'), of('no')),
      proven: rateAt(of('yes'), threshold),
      false: rateAt(of('no'), threshold),
      near: of('near').length === 0 ? null : rateAt(of('near'), threshold)
    },
    scores
  }
}

/** Large origins first, each to the fold with the fewest photos of the task, then of all. */
export function foldsByOrigin (photos: readonly Pick<TaughtPhoto, 'class' | 'origin'>[]): number[] {
  const byOrigin = Map.groupBy(photos, ({ origin }) => origin)
  const load = Array.from({ length: FOLDS }, () => ({ yes: 0, all: 0 }))
  const foldOf = new Map<string, number>()
  const yesOf = (group: typeof photos) => group.filter(photo => photo.class === 'yes').length
  for (const [origin, group] of [...byOrigin].sort(([a, x], [b, y]) => yesOf(y) - yesOf(x) ||
    y.length - x.length ||
    (a < b ? -1 : 1))) {
    const yes = yesOf(group)
    const fold = load.map((_, i) => i).sort((a, b) => (yes > 0 ? load[a]!.yes - load[b]!.yes : 0) ||
      load[a]!.all - load[b]!.all ||
      a - b)[0]!
    load[fold]!.yes += yes
    load[fold]!.all += group.length
    foldOf.set(origin, fold)
  }
  return photos.map(({ origin }) => foldOf.get(origin)!)
}

/** Weights for the numbers as the detector gives them: the standardisation of the photos is folded in. */
function weightsFrom (
  photos: readonly TaughtPhoto[],
  { nearWeight }: TeachOptions
): { weights: Float64Array, bias: number } {
  const taught = photos.flatMap(photo => [photo.numbers, photo.mirrored].flatMap(numbers => numbers === null
    ? []
    : [{ numbers, class: photo.class }]))
  const dimension = taught[0]!.numbers.length
  const { mean, deviation } = momentsOf(taught.map(({ numbers }) => numbers))
  const scale = deviation.map(value => 1 / (value * Math.sqrt(dimension)))
  const weightOf = (kind: PhotoClass) => kind === 'near' ? nearWeight : 1
  const total = (yes: boolean) =>
    taught.reduce((sum, photo) => sum + ((photo.class === 'yes') === yes ? weightOf(photo.class) : 0), 0)
  const share = { yes: photos.length / 2 / total(true), other: photos.length / 2 / total(false) }
  const examples = taught.map((photo): Example => ({
    numbers: photo.numbers.map((value, i) => (value - mean[i]!) * scale[i]!),
    label: photo.class === 'yes' ? 1 : 0,
    weight: weightOf(photo.class) * (photo.class === 'yes' ? share.yes : share.other)
  }))
  const fit = fitLogistic(examples, { shrinkage: SHRINKAGE })
  const weights = fit.weights.map((weight, i) => weight * scale[i]!)
  return { weights, bias: fit.bias - weights.reduce((sum, weight, i) => sum + weight * mean[i]!, 0) }
}

function momentsOf (rows: readonly Float32Array[]): { mean: Float64Array, deviation: Float64Array } {
  const dimension = rows[0]!.length
  const mean = new Float64Array(dimension)
  const deviation = new Float64Array(dimension)
  for (const row of rows) for (let i = 0; i < dimension; i++) mean[i]! += row[i]! / rows.length
  for (const row of rows) for (let i = 0; i < dimension; i++) deviation[i]! += (row[i]! - mean[i]!) ** 2 / rows.length
  // A number that hardly ever differs is not blown up to the size of the others.
  const least = 0.02 * Math.sqrt(deviation.reduce((sum, value) => sum + value, 0) / dimension) + 1e-9
  return { mean, deviation: deviation.map(value => Math.sqrt(value) + least) }
}

/**
 * Platt scaling (Platt 1999) of sums that were taken without the photo's origin, as if half of all photos showed the
 * task.
 */
function calibrate (photos: readonly TaughtPhoto[], sums: readonly number[]): SceneFile['calibration'] {
  const judged = photos.flatMap((photo, i) =>
    Number.isFinite(sums[i]) ? [{ sum: sums[i]!, yes: photo.class === 'yes' }] : []
  )
  const yes = judged.filter(photo => photo.yes).length
  const examples = judged.map((photo): Example => ({
    numbers: Float32Array.of(photo.sum), label: photo.yes ? 1 : 0, weight: 0.5 / (photo.yes ? yes : judged.length - yes)
  }))
  const { weights, bias } = fitLogistic(examples, { shrinkage: 1e-4 })
  // Photos that teach nothing must not turn the scores upside down.
  return { slope: Math.max(weights[0]!, 1e-3), offset: bias }
}
