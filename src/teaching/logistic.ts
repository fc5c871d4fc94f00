/** L2-regularised logistic regression, by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4). */

export interface Example {
  /** Standardised numbers. */
  numbers: Float32Array
  /** 1: shows the task, 0: does not. */
  label: 0 | 1
  /** What it counts, relative to the others. */
  weight: number
}

export interface Fit {
  weights: Float64Array
  bias: number
}

export interface FitOptions {
  /** Sum of the squared weights costs half of this; the larger, the smaller the weights. */
  shrinkage: number
  iterations?: number
  tolerance?: number
}

const MEMORY = 8

/** The weights with the least weighted log loss plus shrinkage. The bias is not shrunk. */
export function fitLogistic (
  examples: readonly Example[],
  { shrinkage, iterations = 150, tolerance = 1e-4 }: FitOptions
): Fit {
  const dimension = examples[0]!.numbers.length
  let at: Float64Array = new Float64Array(dimension + 1)
  let { loss, gradient } = lossAt(examples, at, shrinkage)
  const history: { step: Float64Array, change: Float64Array, curvature: number }[] = []
  for (let i = 0; i < iterations && norm(gradient) > tolerance; i++) {
    const direction = descent(gradient, history)
    const slope = dot(direction, gradient)
    let length = history.length === 0 ? 1 / Math.max(1, norm(gradient)) : 1
    let next = moved(at, direction, length)
    let there = lossAt(examples, next, shrinkage)
    // Backtracks until the loss falls as much as the slope promises (Armijo).
    for (let tries = 0; there.loss > loss + 1e-4 * length * slope && tries < 30; tries++) {
      length /= 2
      next = moved(at, direction, length)
      there = lossAt(examples, next, shrinkage)
    }
    const step = difference(next, at)
    const change = difference(there.gradient, gradient)
    const curvature = dot(step, change)
    if (curvature > 1e-12) history.push({ step, change, curvature })
    if (history.length > MEMORY) history.shift()
    const gain = loss - there.loss
    ;[at, loss, gradient] = [next, there.loss, there.gradient]
    if (gain < tolerance * 1e-3 * Math.max(1, Math.abs(loss))) break
  }
  return { weights: at.subarray(0, dimension), bias: at[dimension]! }
}

/** The weighted sum that the fit gives an example: the logarithm of the odds that it shows the task. */
export function sumOf ({ weights, bias }: Fit, numbers: Float32Array): number {
  let sum = bias
  for (let i = 0; i < numbers.length; i++) sum += weights[i]! * numbers[i]!
  return sum
}

function lossAt (
  examples: readonly Example[],
  at: Float64Array,
  shrinkage: number
): { loss: number, gradient: Float64Array } {
  const dimension = at.length - 1
  const gradient = new Float64Array(at.length)
  let loss = 0
  for (let i = 0; i < dimension; i++) {
    loss += shrinkage * at[i]! * at[i]! / 2
    gradient[i] = shrinkage * at[i]!
  }
  for (const { numbers, label, weight } of examples) {
    let sum = at[dimension]!
    for (let i = 0; i < dimension; i++) sum += at[i]! * numbers[i]!
    const signed = label === 1 ? -sum : sum
    loss += weight * (signed > 0 ? signed + Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)))
    const error = weight * (1 / (1 + Math.exp(-sum)) - label)
    for (let i = 0; i < dimension; i++) gradient[i]! += error * numbers[i]!
    gradient[dimension]! += error
  }
  return { loss, gradient }
}

function descent (
  gradient: Float64Array,
  history: { step: Float64Array, change: Float64Array, curvature: number }[]
): Float64Array {
  const direction = gradient.map(value => -value)
  const shares: number[] = []
  for (const { step, change, curvature } of history.toReversed()) {
    const share = dot(step, direction) / curvature
    shares.push(share)
    add(direction, change, -share)
  }
  const last = history.at(-1)
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change)
    direction.forEach((value, i) => { direction[i] = value * scale })
  }
  for (const { step, change, curvature } of history) {
    add(
      direction,
      step,
      shares.pop()! - dot(change, direction) / curvature
    )
  }
  return direction
}

function dot (a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function norm (a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

function add (to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += what[i]! * times
}

function moved (from: Float64Array, direction: Float64Array, length: number): Float64Array {
  const to = from.slice()
  add(to, direction, length)
  return to
}

function difference (a: Float64Array, b: Float64Array): Float64Array {
  return moved(a, b, -1)
}
