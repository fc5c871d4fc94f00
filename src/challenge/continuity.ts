/** Do two frames come from one place? Separates a sequence of one camera from pictures that were collected. */
import type { Surroundings } from '../../workers/types.ts'

/** Levels of each colour channel in a histogram. */
const LEVELS = 4

/** Cells by which the surroundings may have moved, for a camera that is held in the hand. */
const shifts = [-4, -2, 0, 2, 4].flatMap(x => [-2, 0, 2].map(y => ({ x, y })))

/** Fewer cells in common than this share tell nothing. */
const LEAST_OVERLAP = 0.09

/**
 * How alike what surrounds the person is, 0..1: the mean of the best correlation over small shifts and of what the
 * colour histograms have in common. The person's own cells are left out.
 */
export function surroundingsSimilarity (a: Surroundings, b: Surroundings): number {
  const correlation = Math.max(0, ...shifts.map(shift => correlate(a, b, shift.x, shift.y)))
  return (correlation + sharedColours(a, b)) / 2
}

/**
 * Pearson's correlation of the colours of the cells that both frames show beside the person; -1 when there are too few.
 */
function correlate (a: Surroundings, b: Surroundings, dx: number, dy: number): number {
  let [count, sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0, 0]
  for (let y = Math.max(0, -dy); y < Math.min(a.height, b.height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(a.width, b.width - dx); x++) {
      const one = y * a.width + x
      const other = (y + dy) * b.width + x + dx
      if (a.background[one] === 0 || b.background[other] === 0) continue
      for (let c = 0; c < 3; c++) {
        const [p, q] = [a.colours[one * 3 + c]!, b.colours[other * 3 + c]!]
        sumA += p
        sumB += q
        squaresA += p * p
        squaresB += q * q
        products += p * q
      }
      count += 3
    }
  }
  if (count < LEAST_OVERLAP * a.colours.length) return -1
  const spread = (squaresA - sumA ** 2 / count) * (squaresB - sumB ** 2 / count)
  // A wall without any structure correlates with nothing; then the colours alone decide.
  return spread < count ** 2 ? sharedColours(a, b) : (products - sumA * sumB / count) / Math.sqrt(spread)
}

/** Intersection of the colour histograms, 0..1. */
function sharedColours (a: Surroundings, b: Surroundings): number {
  const [one, other] = [histogram(a), histogram(b)]
  return one.reduce((sum, share, i) => sum + Math.min(share, other[i]!), 0)
}

/** Each colour counts for the bins on both sides of it, so that a little more light moves it little. */
function histogram ({ colours, background }: Surroundings): Float64Array {
  const counts = new Float64Array(LEVELS ** 3)
  const bins = (level: number): [bin: number, share: number][] => {
    const place = Math.min(Math.max(level * LEVELS / 256 - 0.5, 0), LEVELS - 1)
    const below = Math.min(Math.floor(place), LEVELS - 2)
    return [[below, below + 1 - place], [below + 1, place - below]]
  }
  let cells = 0
  background.forEach((beside, i) => {
    if (beside === 0) return
    cells++
    for (const [red, r] of bins(colours[3 * i]!)) {
      for (const [green, g] of bins(colours[3 * i + 1]!)) {
        for (const [blue, b] of bins(colours[3 * i + 2]!)) counts[(red * LEVELS + green) * LEVELS + blue]! += r * g * b
      }
    }
  })
  return counts.map(count => count / Math.max(1, cells))
}
