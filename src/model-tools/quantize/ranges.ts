/** Which range of an activation its 256 steps should cover: the one with the least squared error. */
import type { Histogram } from '../../../workers/activation-histogram.ts'
import type { Range } from './numbers.ts'
import type { Activation, Plan } from './plan.ts'

/** Steps of 1/256, as onnxruntime's integer sigmoid gives them. */
const probabilities: Range = { min: 0, max: 255 / 256 }

/** Activations whose values have to be seen to know their range. */
export function unknownActivations ({ activations }: Plan): string[] {
  return [...activations].filter(([, { source }]) => source.startsWith('values')).map(([name]) => name)
}

/** The range of each group of activations: as wide as its members need. */
export function rangesOf ({ activations }: Plan, histograms: Map<string, Histogram>): Map<string, Range> {
  const ranges = new Map<string, Range>()
  for (const [name, { group, source }] of activations) {
    if (source === 'moved') continue
    const own = source === 'probabilities' ? probabilities : rangeOf(histograms.get(name)!, source)
    const other = ranges.get(group) ?? own
    ranges.set(group, { min: Math.min(own.min, other.min), max: Math.max(own.max, other.max) })
  }
  return ranges
}

/** What comes between the rounded value and what it is for, with its slope: errors count behind it. */
interface Effect { of (value: number): number, slope (value: number): number }

const effects: Partial<Record<Activation['source'], Effect>> = {
  values: { of: value => value, slope: () => 1 },
  // x / (1 + e^-x) is nearly 0 for all x below -6, so that half of the steps would be lost on values that do not
  // matter.
  'values before SiLU': {
    of: value => value * sigmoid(value),
    slope: value => sigmoid(value) * (1 + value * (1 - sigmoid(value)))
  }
}

function sigmoid (value: number): number { return 1 / (1 + Math.exp(-value)) }

/** Ends that are tried, from the whole range down to this share of it. */
const shares = Array.from({ length: 96 }, (_, i) => 1 - i / 100)

/** First the upper end is chosen, then the lower one, which for most activations is 0 or close to it. */
export function rangeOf (histogram: Histogram, source: Activation['source']): Range {
  const whole = { min: Math.min(histogram.min, 0), max: Math.max(histogram.max, 0) }
  const bins = binsOf(histogram, effects[source]!)
  const best = (candidates: Range[]): Range => {
    const errors = candidates.map(range => squaredError(bins, range))
    return candidates[errors.indexOf(Math.min(...errors))]!
  }
  const { max } = best(shares.map(share => ({ min: whole.min, max: whole.max * share })))
  return best(shares.map(share => ({ min: whole.min * share, max })))
}

/** Bins with values in them; everything that does not depend on the range is computed once. */
interface Bins { effect: Effect, each: { value: number, count: number, result: number, slope: number }[] }

function binsOf ({ limit, counts }: Histogram, effect: Effect): Bins {
  const width = 2 * limit / counts.length
  const each = Array.from(
    counts,
    (count, i) => ({ count, value: (i + 0.5) * width - limit })
  ).filter(({ count }) => count > 0)
  return {
    effect,
    each: each.map(({ count, value }) => ({ count, value, result: effect.of(value), slope: effect.slope(value) }))
  }
}

/** Sum over all values: of rounding, a twelfth of a squared step, or of what is cut off. */
function squaredError ({ effect, each }: Bins, { min, max }: Range): number {
  const rounding = ((max - min) / 255) ** 2 / 12
  const [low, high] = [effect.of(min), effect.of(max)]
  let sum = 0
  for (const { value, count, result, slope } of each) {
    if (value > max) sum += count * (result - high) ** 2
    else if (value < min) sum += count * (result - low) ** 2
    else sum += count * rounding * slope ** 2
  }
  return sum
}
