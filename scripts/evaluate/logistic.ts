/** Logistic regression of few inputs by Newton's method (iteratively reweighted least squares). */
export interface LogisticExample {
  inputs: readonly number[]
  label: 0 | 1
  weight: number
}

/** Keeps the equations solvable when the classes can be separated; far too small to matter otherwise. */
const RIDGE = 1e-3

/** The intercept and one coefficient an input that make the labels most likely. */
export function fitLogistic (examples: readonly LogisticExample[]): number[] {
  const size = (examples[0]?.inputs.length ?? 0) + 1
  let coefficients = Array<number>(size).fill(0)
  for (let round = 0; round < 50; round++) {
    const gradient = coefficients.map((value, i) => i === 0 ? 0 : -RIDGE * value)
    const hessian = coefficients.map((_, i) => coefficients.map((_, j) => i === j ? RIDGE : 0))
    for (const { inputs, label, weight } of examples) {
      const row = [1, ...inputs]
      const probability = 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * coefficients[i]!, 0)))
      for (let i = 0; i < size; i++) {
        gradient[i]! += weight * (label - probability) * row[i]!
        for (let j = 0; j < size; j++) hessian[i]![j]! += weight * probability * (1 - probability) * row[i]! * row[j]!
      }
    }
    const step = solve(hessian, gradient)
    coefficients = coefficients.map((value, i) => value + step[i]!)
    if (Math.max(...step.map(Math.abs)) < 1e-9) break
  }
  return coefficients
}

/** Solves a symmetric positive definite system by Gauss-Jordan elimination. */
function solve (matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  rows.forEach((pivot, i) => {
    for (let j = pivot.length - 1; j >= i; j--) pivot[j]! /= pivot[i]!
    rows.forEach((row, k) => {
      if (k === i) return
      const factor = row[i]!
      for (let j = i; j < row.length; j++) row[j]! -= factor * pivot[j]!
    })
  })
  return rows.map(row => row.at(-1)!)
}
