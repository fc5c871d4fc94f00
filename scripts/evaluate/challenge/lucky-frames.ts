/** The luck of an attacker: of many views of one face, the best for each step of a challenge. */
import type { ChallengeFrame } from '../../../src/challenge/judge.ts'
import type { PoseName } from '../../../src/challenge/steps.ts'
import type { View } from './sequences.ts'

/** The view that comes nearest to each pose. */
export function luckyFrames (steps: readonly PoseName[], views: readonly View[]): ChallengeFrame[] {
  const straight = views.toSorted((a, b) => Math.abs(a.quality.yaw) - Math.abs(b.quality.yaw))[0]
  const measure: Record<PoseName, (view: View) => number> = {
    left: ({ quality }) => quality.yaw,
    right: ({ quality }) => -quality.yaw,
    up: ({ quality: { yaw, pitch } }) => -pitch - 10 * Math.max(0, Math.abs(yaw) - 15),
    down: ({ quality: { yaw, pitch } }) => pitch - 10 * Math.max(0, Math.abs(yaw) - 15),
    centre: view => view === straight ? 1 : 0
  }
  return steps.flatMap((step, i) => {
    const [best] = views.toSorted((a, b) => measure[step](b) - measure[step](a))
    return best === undefined ? [] : [{ sha256: `${i}`, faces: [best], liveness: null, surroundings: null }]
  })
}
