/** What calibration keeps of an activation: how often each value occurred, not the values, let alone the photo. */

/** `counts[i]` values lie in bin i of `counts.length` equal bins from -limit to limit; `min` and `max` are exact. */
export interface Histogram {
  limit: number
  min: number
  max: number
  counts: Float64Array
}

/** Even, so that bins can be merged in pairs. */
const bins = 4096

/** An empty histogram; its range comes from the first values. */
export function createHistogram (): Histogram {
  return { limit: 0, min: Infinity, max: -Infinity, counts: new Float64Array(bins) }
}

/** Counts every value; whatever lies beyond the range doubles it first. */
export function count (histogram: Histogram, values: Float32Array): void {
  let [min, max] = [histogram.min, histogram.max]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < min) min = value
    if (value > max) max = value
  }
  histogram.min = min
  histogram.max = max
  const largest = Math.max(Math.abs(min), Math.abs(max))
  // A range of all zeros still needs a width.
  if (histogram.limit === 0) histogram.limit = largest > 0 ? largest : 1
  while (histogram.limit < largest) double(histogram)

  const { limit, counts } = histogram
  const scale = bins / (2 * limit)
  for (let i = 0; i < values.length; i++) {
    const bin = (values[i]! + limit) * scale
    counts[bin < bins ? bin | 0 : bins - 1]!++
  }
}

/** Twice the range in the same number of bins: each pair of bins becomes one, in the middle half. */
function double (histogram: Histogram): void {
  const wider = new Float64Array(bins)
  for (let i = 0; i < bins; i++) wider[bins / 4 + (i >> 1)]! += histogram.counts[i]!
  histogram.counts = wider
  histogram.limit *= 2
}
