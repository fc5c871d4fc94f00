/** Frames of a challenge to its checks: pure, so that every attack can be tried on it without a camera. */
import type { Face, Surroundings } from '../../workers/types.ts'
import type { ChallengeCheck, ChallengeChecks, ChallengeReason } from '../schemas/challenges.ts'
import { cosine } from '../verification/match.ts'
import { surroundingsSimilarity } from './continuity.ts'
import { parallax } from './parallax.ts'
import { eyeSpan, fits, limits, median, type PoseName, restingPitch, shows } from './steps.ts'

export interface ChallengeFrame {
  sha256: string
  /** Largest first; each with landmarks, the largest with an embedding. */
  faces: Face[]
  /** Of the largest face; null with liveness switched off. */
  liveness: number | null
  /** Null without a face. */
  surroundings: Surroundings | null
}

export interface ChallengeThresholds {
  /** Of a verification: least similarity of the straight face. */
  similarity: number
  /** Least median of the passive scores; null: switched off. */
  liveness: number | null
}

/**
 * Measured with `npm run evaluate -- --only challenge`. Views of one head from both sides leave a parallax of 0.25 and
 * more. Turned faces of one person are alike to what a verification needs, those of two people to 0.85 of it. The
 * surroundings at one camera are alike to 0.69 and more, four photos of one person from the web to 0.6 in 1.3 %.
 */
export const challengeThresholds = { parallax: 0.22, turned: 0.9, surroundings: 0.6 } as const

/** Of the largest face: a second one that is smaller belongs to somebody in the background. */
const SECOND_FACE = 0.25

/** Share of frames that may show no face, for one that is blurred by the movement. */
const FACELESS = 0.25

/** One frame for each step, in the order of the steps. */
interface Performed {
  frames: Required<Face>[]
  /** Index of the frame that looks straight. */
  straight: number
}

/** @param match similarity of an embedding to the claimed user's template, -1..1 */
export function judgeChallenge (
  steps: readonly PoseName[],
  frames: readonly ChallengeFrame[],
  match: (embedding: Float32Array) => number,
  thresholds: ChallengeThresholds
): { reasons: ChallengeReason[]; checks: ChallengeChecks } {
  const faces = frames.map(({ faces: [face] }) =>
    face === undefined || eyeSpan(face.landmarks!) < limits.profile ? null : (face as Required<Face>)
  )
  const alike = (face: Required<Face>, straight: Required<Face>) =>
    Math.max(match(face.embedding!), cosine(face.embedding!, straight.embedding!))
  const performed = bestPerformance(steps, faces, alike)
  const checks: ChallengeChecks = {
    poses: checkPoses(steps, frames, faces, performed),
    identity: checkIdentity(steps, frames, performed, match, alike, thresholds.similarity),
    parallax: checkParallax(steps, performed),
    liveness: checkLiveness(frames, thresholds.liveness),
    continuity: checkContinuity(frames)
  }
  return {
    checks,
    reasons: Object.values(checks).flatMap(({ outcome, reason }) =>
      outcome === 'failed' && reason !== undefined ? [reason as ChallengeReason] : []
    )
  }
}

/**
 * Of all ways to find the steps in the frames, in their order, the one whose turned faces are recognised best; null:
 * none.
 */
function bestPerformance (
  steps: readonly PoseName[],
  faces: readonly (Required<Face> | null)[],
  alike: (face: Required<Face>, straight: Required<Face>) => number
): Performed | null {
  const centre = steps.indexOf('centre')
  const rest = restingPitch(faces.flatMap(face => face?.quality ?? []))
  let best: { score: number; performed: Performed } | null = null
  faces.forEach((straight, index) => {
    if (straight === null || !fits('centre', straight.quality, straight.quality.pitch)) return
    const before = bestOrder(steps.slice(0, centre), faces.slice(0, index), straight, rest, alike)
    const after = bestOrder(steps.slice(centre + 1), faces.slice(index + 1), straight, rest, alike)
    if (before === null || after === null) return
    const score = before.score + after.score
    if (best === null || score > best.score) {
      best = { score, performed: { frames: [...before.frames, straight, ...after.frames], straight: centre } }
    }
  })
  return (best as { performed: Performed } | null)?.performed ?? null
}

/** Dynamic programming over steps and frames: the highest sum of similarities to the straight face. */
function bestOrder (
  steps: readonly PoseName[],
  faces: readonly (Required<Face> | null)[],
  straight: Required<Face>,
  rest: number,
  alike: (face: Required<Face>, straight: Required<Face>) => number
): { score: number; frames: Required<Face>[] } | null {
  let found: ({ score: number; frames: Required<Face>[] } | null)[] = [
    { score: 0, frames: [] },
    ...steps.map(() => null)
  ]
  for (const face of faces) {
    if (face === null) continue
    found = found.map((known, done) => {
      const earlier = done === 0 ? null : found[done - 1]!
      if (earlier === null || !shows(steps[done - 1]!, face.quality, straight.quality, rest)) return known
      const score = earlier.score + alike(face, straight)
      return known !== null && known.score >= score ? known : { score, frames: [...earlier.frames, face] }
    })
  }
  return found.at(-1)!
}

/** How many of the steps are found in their order, whatever comes after. */
function stepsDone (steps: readonly PoseName[], faces: readonly (Required<Face> | null)[]): number {
  const straight = faces
    .filter(face => face !== null && fits('centre', face.quality, face.quality.pitch))
    .map(face => face!.quality.pitch)
  const neutrals = straight.length > 0 ? straight : [0]
  return Math.max(
    ...neutrals.map(neutral =>
      faces.reduce(
        (done, face) =>
          face !== null && done < steps.length && fits(steps[done]!, face.quality, neutral) ? done + 1 : done,
        0
      )
    )
  )
}

function checkPoses (
  steps: readonly PoseName[],
  frames: readonly ChallengeFrame[],
  faces: readonly (Required<Face> | null)[],
  performed: Performed | null
): ChallengeCheck {
  const threshold = steps.length
  const without = frames.filter(({ faces }) => faces.length === 0).length
  if (without > FACELESS * frames.length) {
    return failed(
      'no_face',
      0,
      threshold,
      `${without} of ${frames.length} frames show no face. Keep the face in the picture, uncovered and lit from the front.`
    )
  }
  if (performed !== null) return passed(threshold, threshold, `All ${threshold} poses were shown in the order asked.`)
  const score = Math.min(stepsDone(steps, faces), threshold - 1)
  return failed(
    'pose_missed',
    score,
    threshold,
    `${score} of ${threshold} poses were shown in the order asked; the next was ${steps[score]}. Turn the head ${limits.side} degrees or more, slowly, and look straight where it is asked.`
  )
}

function checkIdentity (
  steps: readonly PoseName[],
  frames: readonly ChallengeFrame[],
  performed: Performed | null,
  match: (embedding: Float32Array) => number,
  alike: (face: Required<Face>, straight: Required<Face>) => number,
  similarity: number
): ChallengeCheck {
  const crowded = frames.filter(
    ({ faces: [first, second] }) => second !== undefined && boxArea(second.box) > SECOND_FACE * boxArea(first!.box)
  ).length
  if (crowded > 0) {
    return failed(
      'several_faces',
      null,
      similarity,
      `${crowded} of ${frames.length} frames show a second face. Do it alone in front of the camera.`
    )
  }
  if (performed === null) return skipped('The poses were not shown, so that no faces are compared.')
  const straight = performed.frames[performed.straight]!
  const user = match(straight.embedding!)
  const likeness = (wanted: readonly PoseName[]) => {
    const scores = performed.frames.filter((_, i) => wanted.includes(steps[i]!)).map(face => alike(face, straight))
    return scores.reduce((sum, score) => sum + score, 0) / scores.length
  }
  // A turned face is recognised less well; the two sides together speak for themselves, and the nod does.
  const turned = Math.min(likeness(['left', 'right']), likeness(['up', 'down'])) / challengeThresholds.turned
  const score = Math.min(user, turned)
  return score >= similarity
    ? passed(score, similarity, 'All frames show the claimed user.')
    : failed(
      'face_mismatch',
      score,
      similarity,
      user < similarity
        ? "The face that looks straight is not the claimed user's."
        : 'The turned faces are not those of the person who looks straight. Turn a little less, in even light.'
    )
}

function checkParallax (steps: readonly PoseName[], performed: Performed | null): ChallengeCheck {
  const threshold = challengeThresholds.parallax
  if (performed === null) return skipped('The poses were not shown, so that there are no views to compare.')
  const side = (pose: PoseName) => performed.frames[steps.indexOf(pose)]!.landmarks
  const score = parallax(side('left'), side('right'))
  return score >= threshold
    ? passed(score, threshold, 'Nose, eyes and outline move against each other as those of a head do.')
    : failed(
      'flat_face',
      score,
      threshold,
      'The views differ as those of a picture do, not of a head. Turn the head itself, not the camera.'
    )
}

/** The median over all frames with a face. */
function checkLiveness (frames: readonly ChallengeFrame[], threshold: number | null): ChallengeCheck {
  const scores = frames.flatMap(({ liveness }) => liveness ?? [])
  if (threshold === null || scores.length === 0) {
    return skipped(threshold === null ? 'The liveness check is switched off.' : 'There is no face to judge.')
  }
  const score = median(scores)
  return score >= threshold
    ? passed(score, threshold, 'The frames look like those of a live person.')
    : failed(
      'not_live',
      score,
      threshold,
      'The frames look like a print, a screen or a mask. Look into the camera yourself, in even light.'
    )
}

function checkContinuity (frames: readonly ChallengeFrame[]): ChallengeCheck {
  const threshold = challengeThresholds.surroundings
  const repeated = frames.length - new Set(frames.map(({ sha256 }) => sha256)).size
  if (repeated > 0) {
    return failed(
      'frames_repeated',
      0,
      threshold,
      `${repeated} of ${frames.length} frames are copies of another. Send each picture of the camera once.`
    )
  }
  const surroundings = frames.flatMap(({ surroundings }) => surroundings ?? [])
  if (surroundings.length < 2) return skipped('There are no two frames with a face to compare.')
  const score = Math.min(...surroundings.slice(1).map((later, i) => surroundingsSimilarity(surroundings[i]!, later)))
  return score >= threshold
    ? passed(score, threshold, 'All frames come from one place.')
    : failed(
      'scene_changed',
      score,
      threshold,
      'Two frames that follow each other show different places. Stay in one place, in one light, from the first frame to the last.'
    )
}

function passed (score: number, threshold: number, message: string): ChallengeCheck {
  return { outcome: 'passed', score, threshold, message }
}

function failed (reason: ChallengeReason, score: number | null, threshold: number, message: string): ChallengeCheck {
  return { outcome: 'failed', score, threshold, reason, message }
}

function skipped (message: string): ChallengeCheck {
  return { outcome: 'skipped', score: null, threshold: null, message }
}

function boxArea ([x1, y1, x2, y2]: Face['box']): number {
  return (x2 - x1) * (y2 - y1)
}
