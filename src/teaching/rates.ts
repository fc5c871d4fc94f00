/** How well scores separate a task from other photos. */
import type { Rate } from '../tasks/scenes/scene-file.ts'

/** Share of pairs of a positive and a negative score in which the positive one is higher, ties by half, 0..1. */
export function areaUnderCurve (positive: readonly number[], negative: readonly number[]): number {
  const sorted = negative.toSorted((a, b) => a - b)
  const pairs = positive.reduce(
    (sum, score) => sum + (countBelow(sorted, score, false) + countBelow(sorted, score, true)) / 2,
    0
  )
  return pairs / (positive.length * negative.length)
}

/** Numbers of a sorted list below a value; with `equal` those that equal it, too. */
function countBelow (sorted: readonly number[], value: number, equal: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value || (equal && sorted[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}

/** The least threshold at which at most `rate` (0..1) of the scores reach it: halfway to the next lower score. */
export function thresholdFor (scores: readonly number[], rate: number): number {
  const sorted = scores.toSorted((a, b) => b - a)
  const refused = sorted[Math.floor(sorted.length * rate)]
  if (refused === undefined) return 0
  const above = sorted.filter(score => score > refused).at(-1) ?? Math.min(1, refused + 0.01)
  return (above + refused) / 2
}

/** The share of scores that reach the threshold, with its 95 % Wilson score interval. */
export function rateAt (scores: readonly number[], threshold: number): Rate {
  return wilson(scores.filter(score => score >= threshold).length, scores.length)
}

/** 95 % confidence interval of a share (Wilson 1927). */
export function wilson (count: number, of: number): Rate {
  if (of === 0) return { rate: 0, low: 0, high: 1, photos: 0 }
  const z = 1.96
  const rate = count / of
  const centre = (rate + z * z / (2 * of)) / (1 + z * z / of)
  const margin = z * Math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of)) / (1 + z * z / of)
  return { rate, low: Math.max(0, centre - margin), high: Math.min(1, centre + margin), photos: of }
}
