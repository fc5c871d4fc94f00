/** What a person should change before the shutter, by the rules that enrolment judges the photo with afterwards. */
import type { Face } from '../../workers/types.ts'
import { AVERAGE_NEUTRAL, framing } from '../challenge/pose.ts'
import type { PoseName } from '../challenge/steps.ts'
import { withFrame } from '../inference/with-frame.ts'
import type { InferencePool } from '../inference/pool.ts'
import type { CaptureHint, HintAnswer } from '../schemas/hints.ts'
import type { Photo } from '../schemas/upload.ts'
import { boxArea } from '../verification/box-area.ts'
import { rounded } from '../verification/rounded.ts'
import { DOMINANCE, viewProblem } from './quality.ts'

/** Pixels of a frame: a look at it must stay cheap. */
export const MAX_HINT_PIXELS = 1e6

/**
 * Degrees of slight turns, which make a template better. A challenge asks for more: `side` and `nod` are the least,
 * `most` the most turn to a side, `straight` the most of a head that does not turn.
 */
const slight = { side: 8, most: 40, nod: 6, straight: 12 }

export interface HintRequest {
  frame: Photo
  /** The pose that is wanted; undefined: any. */
  step?: PoseName | undefined
  /** Pitch of this head when it looks straight, degrees. */
  neutral?: number | undefined
  signal?: AbortSignal
  client: string
}

/**
 * Looks at one frame; nothing of it is kept.
 * @throws {PhotoError} for a file that is no picture, or one of more than MAX_HINT_PIXELS
 */
export async function hintOf (inference: InferencePool, request: HintRequest): Promise<HintAnswer> {
  const { frame: { bytes }, client, signal } = request
  return withFrame(
    inference,
    { bytes, maxPixels: MAX_HINT_PIXELS, field: 'frame', client, signal },
    async ({ run, frame }) => rounded(captureHint(await run('faces', { frame, embedLimit: 0 }), frame, request))
  )
}

/** @param faces sorted by area, the largest first */
export function captureHint (
  faces: readonly Face[],
  { width, height }: { width: number, height: number },
  { step, neutral = AVERAGE_NEUTRAL }: Pick<HintRequest, 'step' | 'neutral'>
): HintAnswer {
  const photo = { width, height }
  const [face, second] = faces
  if (face === undefined) return { hint: 'no_face', yaw: null, pitch: null, box: null, photo }
  const { box, quality: { yaw, pitch } } = face
  const several = second !== undefined && boxArea(box) < DOMINANCE * boxArea(second.box)
  const hint = several ? 'several_faces' : problem(face, photo) ?? towards(step, face, neutral)
  return { hint, yaw, pitch, box, photo }
}

function problem (face: Face, photo: { width: number, height: number }): CaptureHint | null {
  return framing(face, photo) ?? (viewProblem(face)?.code as CaptureHint | undefined) ?? null
}

function towards (step: PoseName | undefined, { quality: { yaw, pitch } }: Face, neutral: number): CaptureHint {
  if (step === undefined) return 'hold'
  if (step === 'left' || step === 'right') {
    const turn = step === 'left' ? yaw : -yaw
    if (turn < slight.side) return `turn_${step}`
    return turn > slight.most ? 'turn_less' : 'hold'
  }
  if (Math.abs(yaw) > slight.straight) return 'look_straight'
  if (step === 'up') return pitch > neutral - slight.nod ? 'look_up' : 'hold'
  if (step === 'down') return pitch < neutral + slight.nod ? 'look_down' : 'hold'
  return 'hold'
}
