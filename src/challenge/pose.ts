/** What one photo shows of the head, and what to do next: for guiding a person while they look at the camera. */
import type { LocatedFace } from '../../workers/types.ts'
import type { PoseAnswer, PoseHint } from '../schemas/challenges.ts'
import { boxArea } from '../verification/box-area.ts'
import { eyeSpan, fits, limits, type PoseName, poses } from './steps.ts'

/** Pitch of an average head that looks straight, degrees: for whoever does not know that of the person yet. */
export const AVERAGE_NEUTRAL = 4

/** Shares of the frame's shorter side. */
const SMALLEST = 0.22
const LARGEST = 0.85

/** Of the largest face: smaller ones belong to somebody in the background. */
const SECOND_FACE = 0.25

/**
 * Nothing in it needs an embedding. `step`: the pose that is wanted; `neutral`: pitch of this head when it looks
 * straight.
 */
export function poseAnswer (
  faces: readonly LocatedFace[],
  frame: { width: number; height: number },
  { step, neutral }: { step?: PoseName | undefined; neutral?: number | undefined }
): PoseAnswer {
  const photo = { width: frame.width, height: frame.height }
  const [face, second] = faces
  if (face === undefined) return { pose: null, hint: 'no_face', yaw: null, pitch: null, box: null, photo }
  const { yaw, pitch, box } = face
  const seen = { yaw, pitch, box, photo }
  if (second !== undefined && boxArea(second.box) > SECOND_FACE * boxArea(face.box)) {
    return { pose: null, hint: 'several_faces', ...seen }
  }
  const profile = eyeSpan(face.landmarks) < limits.profile
  // Whoever looks straight for the first time is the measure of their own nods.
  const measure = neutral ?? (step === 'centre' ? pitch : AVERAGE_NEUTRAL)
  const pose = profile ? null : (poses.find(name => fits(name, face, measure)) ?? null)
  return { pose, hint: framing(face, frame) ?? (profile ? 'turn_less' : towards(step, pose, face, measure)), ...seen }
}

/** What is wrong with the position of the face in the frame; null when it is fine. */
export function framing (
  { box: [x1, y1, x2, y2] }: Pick<LocatedFace, 'box'>,
  { width, height }: { width: number; height: number }
): 'closer' | 'farther' | 'centre_face' | null {
  const size = Math.max(x2 - x1, y2 - y1) / Math.min(width, height)
  if (size < SMALLEST) return 'closer'
  if (size > LARGEST) return 'farther'
  const [x, y] = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height]
  return Math.abs(x - 0.5) > 0.3 || Math.abs(y - 0.5) > 0.3 ? 'centre_face' : null
}

function towards (
  step: PoseName | undefined,
  pose: PoseName | null,
  { yaw, pitch }: LocatedFace,
  neutral: number
): PoseHint {
  if (step === undefined || step === pose) return 'hold'
  if (step === 'left') return 'turn_left'
  if (step === 'right') return 'turn_right'
  if (step === 'centre' || Math.abs(yaw) > limits.nodding) return 'look_straight'
  if (step === 'up') return pitch <= neutral - limits.nod ? 'look_straight' : 'look_up'
  return pitch >= neutral + limits.nod ? 'look_straight' : 'look_down'
}
