import type { Box } from '../../workers/types.ts'

/** Square pixels of a box x1, y1, x2, y2. */
export function boxArea ([x1, y1, x2, y2]: Box): number {
  return (x2 - x1) * (y2 - y1)
}
