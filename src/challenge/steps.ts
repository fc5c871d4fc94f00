/** What a person is asked to do, and when a view of the head counts as done. */
import { randomInt } from 'node:crypto'

export const poses = ['left', 'right', 'up', 'down', 'centre'] as const

/**
 * As the person sees it: `left` is towards their own left, which is the right side of a picture that is not mirrored.
 */
export type PoseName = typeof poses[number]

/** Degrees as `Face.quality` has them: yaw grows towards the person's left, pitch as the head goes down. */
export interface HeadPose {
  yaw: number
  pitch: number
}

/**
 * Limits in degrees. Measured on exact renders of 208 photos as flat and bent sheets, 375,875 pairs of views turned by
 * up to 50 degrees: none showed 18 degrees to both sides, while people turn so far without effort.
 */
export const limits = {
  /** Least turn to a side. */
  side: 18,
  /** Least nod, against the pitch when the head looks straight: at rest people differ by more than this. */
  nod: 12,
  /** Most turn of a head that looks straight, and that nods. */
  straight: 10,
  nodding: 15,
  /** Eye distance over the length from eyes to mouth; below, the face shows its profile, which cannot be recognised. */
  profile: 0.5
} as const

/** Left, right, one of up and down, and straight on: all in random order, so that there are 48 challenges. */
export function randomSteps (random: (below: number) => number = randomInt): PoseName[] {
  const left: PoseName[] = ['left', 'right', random(2) === 0 ? 'up' : 'down', 'centre']
  const steps: PoseName[] = []
  while (left.length > 0) steps.push(...left.splice(random(left.length), 1))
  return steps
}

/** @param neutral pitch of the same head when it looks straight */
export function fits (step: PoseName, { yaw, pitch }: HeadPose, neutral: number): boolean {
  switch (step) {
    case 'left': return yaw >= limits.side
    case 'right': return yaw <= -limits.side
    case 'up': return pitch <= neutral - limits.nod && Math.abs(yaw) <= limits.nodding
    case 'down': return pitch >= neutral + limits.nod && Math.abs(yaw) <= limits.nodding
    case 'centre': return Math.abs(yaw) <= limits.straight && Math.abs(pitch - neutral) < limits.nod
  }
}

/** Middle pitch of the views that look aside: people differ in how they hold their heads. NaN without such a view. */
export function restingPitch (heads: readonly HeadPose[]): number {
  return median(heads.filter(head => fits('left', head, 0) || fits('right', head, 0)).map(({ pitch }) => pitch))
}

/**
 * Whether the view shows the step besides the straight one. Of the two the nod must be farther from the pitch at rest,
 * so that a head which nods the other way cannot pass for one that looked straight before.
 */
export function shows (step: PoseName, head: HeadPose, straight: HeadPose, rest: number): boolean {
  const nods = step === 'up' || step === 'down'
  return fits(step, head, straight.pitch) && (!nods || Math.abs(head.pitch - rest) > Math.abs(straight.pitch - rest))
}

/** NaN without values. */
export function median (values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

/**
 * Eye distance over the distance from the eyes to the mouth: 1 for a face from the front, less the further it is
 * turned.
 */
export function eyeSpan (landmarks: Float32Array): number {
  const mean = (indices: readonly number[], axis: 0 | 1) =>
    indices.reduce((sum, i) => sum + landmarks[2 * i + axis]!, 0) / indices.length
  const distance = (a: readonly number[], b: readonly number[]) =>
    Math.hypot(mean(a, 0) - mean(b, 0), mean(a, 1) - mean(b, 1))
  return distance(leftEye, rightEye) / Math.max(distance([...leftEye, ...rightEye], mouthCorners), 1e-6)
}

/** Of the 68 iBUG points. */
const leftEye = [36, 37, 38, 39, 40, 41]
const rightEye = [42, 43, 44, 45, 46, 47]
const mouthCorners = [48, 54]
