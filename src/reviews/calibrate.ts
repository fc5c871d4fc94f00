/**
 * Limits of the uncertain liveness that reviews support: where people nearly always say the same, no person need look.
 */
import type { ReviewLabel } from './labels.ts'

export interface Zone {
  low: number
  high: number
}

/** What speaks for a limit. */
export interface Figures {
  /** Reviews that the limit would decide. */
  decided: number
  /** Of these, how many a person decided otherwise. */
  wrong: number
  /** Upper end of the 95 % confidence interval of the share that is wrong. */
  atMost: number
}

export interface Proposal {
  zone: Zone
  low: Figures
  high: Figures
  reviews: number
}

/** Most wrong decisions that a limit may make, as the upper end of its confidence interval. */
export const MAX_WRONG = 0.05

/** Of the normal distribution, for 95 % on both sides. */
const Z = 1.96

/**
 * Moves the limits of the zone inwards as far as the reviews allow; where they are too few, a limit stays. Reviews tell
 * of scores inside the current zone alone, so that it never grows.
 */
export function proposeZone (
  labels: readonly Pick<ReviewLabel, 'reason' | 'person' | 'liveness'>[],
  current: Zone
): Proposal {
  const scored = labels.flatMap(({ reason, person, liveness }) =>
    reason === 'liveness_uncertain' && liveness !== null && liveness >= current.low && liveness < current.high
      ? [{ score: liveness, live: person === 'approved' }]
      : []
  )
  const limits = [...new Set(scored.map(({ score }) => score))].sort((a, b) => a - b)
  const below = (limit: number) => figuresOf(scored.filter(({ score }) => score < limit).map(({ live }) => live))
  const above = (limit: number) => figuresOf(scored.filter(({ score }) => score >= limit).map(({ live }) => !live))
  const supported = (figures: Figures) => figures.decided > 0 && figures.atMost <= MAX_WRONG
  const low = [...limits, current.high].findLast(limit => supported(below(limit))) ?? current.low
  const high = [...limits, current.high].find(limit => limit >= low && supported(above(limit))) ?? current.high
  return { zone: { low, high }, low: below(low), high: above(high), reviews: scored.length }
}

/** @param wrong for each decision, whether a person said otherwise */
function figuresOf (wrong: readonly boolean[]): Figures {
  const errors = wrong.filter(Boolean).length
  return { decided: wrong.length, wrong: errors, atMost: upperEnd(errors, wrong.length) }
}

/** Upper end of the Wilson score interval; 1 without any observation. */
export function upperEnd (errors: number, count: number): number {
  if (count === 0) return 1
  const share = errors / count
  const spread = Z * Math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
  return (share + Z * Z / (2 * count) + spread) / (1 + Z * Z / count)
}

/** The proposal as a file of settings. */
export function policyFile ({ zone, low, high, reviews }: Proposal, current: Zone): string {
  const figures = ({ decided, wrong, atMost }: Figures) =>
    `${decided} reviews, ${wrong} decided otherwise by a person, at most ${percent(atMost)} (95 %)`
  return `# Proposed from ${reviews} reviews of an uncertain liveness; current: ${current.low}..${current.high}
# below ${zone.low} fails: ${figures(low)}
# from ${zone.high} on passes: ${figures(high)}
${zone.low < zone.high ? `LIVENESS_UNCERTAIN=${zone.low}..${zone.high}` : `LIVENESS_UNCERTAIN=off\nLIVENESS_THRESHOLD=${zone.high}`}
`
}

function percent (share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
