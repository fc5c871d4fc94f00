/**
 * Error rates of a decision "score >= threshold": biometric comparison (ISO/IEC 19795-1) and attack detection (ISO/IEC
 * 30107-3).
 */

/** Share of scores that reach the threshold, 0..1: the false match rate of impostors. Null without scores. */
export function shareAccepted (scores: ArrayLike<number>, threshold: number): number | null {
  if (scores.length === 0) return null
  let accepted = 0
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! >= threshold) accepted++
  }
  return accepted / scores.length
}

/** Share of scores below the threshold, 0..1: the false non-match rate of genuine scores. Null without scores. */
export function shareRejected (scores: ArrayLike<number>, threshold: number): number | null {
  const accepted = shareAccepted(scores, threshold)
  return accepted === null ? null : 1 - accepted
}

/**
 * The least threshold at which at most `rate` (0..1) of the impostor scores are accepted: halfway between the last
 * score that must be refused and the next one above it, or just above the highest score when none may be accepted.
 * Null when there are fewer than 1 / rate scores, which cannot show such a rate.
 */
export function thresholdAtFmr (impostors: ArrayLike<number>, rate: number): number | null {
  if (impostors.length * rate < 1) return null
  const sorted = Float64Array.from(impostors).sort().reverse()
  const allowed = Math.floor(sorted.length * rate)
  const refused = sorted[allowed]
  if (refused === undefined) return sorted[sorted.length - 1]!
  // Equal scores are accepted or refused together.
  let above = allowed - 1
  while (above >= 0 && sorted[above] === refused) above--
  return above < 0 ? refused + 1e-6 : (sorted[above]! + refused) / 2
}

/** The threshold with the highest share of right decisions over both kinds of scores, and that share. */
export function bestAccuracy (
  genuine: readonly number[],
  impostors: readonly number[]
): { accuracy: number, threshold: number } {
  const scores = [...genuine.map(score => ({ score, same: true })), ...impostors.map(score => ({ score, same: false }))]
    .sort((a, b) => b.score - a.score)
  let right = impostors.length
  let best = { right, threshold: (scores[0]?.score ?? 0) + 1e-6 }
  scores.forEach(({ score, same }, i) => {
    right += same ? 1 : -1
    const next = scores[i + 1]?.score
    if (next !== score && right > best.right) {
      best = {
        right,
        threshold: next === undefined ? score : (score + next) / 2
      }
    }
  })
  return { accuracy: best.right / scores.length, threshold: best.threshold }
}

/** The share of right decisions at a threshold, 0..1. */
export function accuracyAt (genuine: readonly number[], impostors: readonly number[], threshold: number): number {
  const right = genuine.filter(score => score >= threshold).length + impostors.filter(score => score < threshold).length
  return right / (genuine.length + impostors.length)
}

/** The value below which a share (0..1) of the values lies, by linear interpolation. Null without values. */
export function quantile (values: ArrayLike<number>, share: number): number | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const rest = position - below
  return sorted[below]! * (1 - rest) + (sorted[below + 1] ?? sorted[below]!) * rest
}

/**
 * The 95 % confidence interval of a rate when `errors` of `trials` went wrong (Wilson score interval). Null without
 * trials.
 */
export function wilsonInterval (errors: number, trials: number): [low: number, high: number] | null {
  if (trials === 0) return null
  const z = 1.96
  const rate = errors / trials
  const centre = rate + z * z / (2 * trials)
  const margin = z * Math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
  const whole = 1 + z * z / trials
  return [Math.max(0, (centre - margin) / whole), Math.min(1, (centre + margin) / whole)]
}

/** Upper end of that interval. */
export function upperBound (errors: number, trials: number): number | null {
  return wilsonInterval(errors, trials)?.[1] ?? null
}
