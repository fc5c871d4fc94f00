import t from 'tap'
import { captureHint } from '../../src/enrolment/hints.ts'
import type { PoseName } from '../../src/challenge/steps.ts'
import type { FaceQuality } from '../../workers/types.ts'
import { face } from '../helpers/faces.ts'

const photo = { width: 640, height: 480 }
const inPlace = { box: [220, 120, 420, 360] as [number, number, number, number], embedding: null }
const hint = (quality: Partial<FaceQuality>, step?: PoseName, neutral?: number) =>
  captureHint([face({ ...inPlace, quality })], photo, { step, neutral }).hint

t.test('problems are reported in the order in which a person can change them', async t => {
  t.same(captureHint([], photo, {}), { hint: 'no_face', yaw: null, pitch: null, box: null, photo })
  t.equal(hint({}), 'hold', 'a good view')
  const beside = face({ box: [10, 100, 170, 330] })
  t.equal(captureHint([face(inPlace), beside], photo, {}).hint, 'several_faces')
  const far = face({ box: [10, 100, 70, 160] })
  t.equal(captureHint([face(inPlace), far], photo, {}).hint, 'hold', 'somebody in the background')
  t.equal(captureHint([face({ box: [300, 200, 370, 290] })], photo, {}).hint, 'closer')
  t.equal(captureHint([face({ box: [100, 10, 500, 470] })], photo, {}).hint, 'farther')
  t.equal(captureHint([face({ box: [0, 120, 180, 360] })], photo, {}).hint, 'centre_face')
  t.equal(hint({ brightness: 20, sharpness: 0.001 }), 'too_dark')
  t.equal(hint({ brightness: 230 }), 'too_bright')
  t.equal(hint({ sharpness: 0.001 }), 'too_blurry')
  t.equal(hint({ yaw: 60 }), 'extreme_pose')
  t.equal(hint({ inside: 0.7 }), 'face_cut_off')
})

t.test('a wanted pose is a slight turn', async t => {
  t.equal(hint({ yaw: 2 }, 'left'), 'turn_left')
  t.equal(hint({ yaw: 15 }, 'left'), 'hold')
  t.equal(hint({ yaw: 45 }, 'left'), 'turn_less')
  t.equal(hint({ yaw: 15 }, 'right'), 'turn_right')
  t.equal(hint({ yaw: -15 }, 'right'), 'hold')
  t.equal(hint({ yaw: 20 }, 'centre'), 'look_straight')
  t.equal(hint({ pitch: 9 }, 'centre'), 'hold')
  t.equal(hint({ pitch: 2 }, 'up'), 'look_up')
  t.equal(hint({ pitch: 2 }, 'up', 10), 'hold', 'against the pitch of this head at rest')
  t.equal(hint({ pitch: 2 }, 'down'), 'look_down')
})
