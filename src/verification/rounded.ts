/**
 * A copy in which every number has at most four decimals: what a client can use of a score or a box, and what a record
 * keeps. Decisions are made before, on the full numbers.
 */
export function rounded<T> (value: T): T {
  if (typeof value === 'number') return Math.round(value * 1e4) / 1e4 as T
  if (Array.isArray(value)) return value.map(rounded) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)])) as T
}
