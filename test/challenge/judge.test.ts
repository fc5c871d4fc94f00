import t from 'tap'
import type { ChallengeFrame } from '../../src/challenge/judge.ts'
import { judgeChallenge } from '../../src/challenge/judge.ts'
import type { PoseName } from '../../src/challenge/steps.ts'
import { face } from '../helpers/faces.ts'
import { faceOf, photographs, type Turn } from '../helpers/heads.ts'
import { room } from '../helpers/rooms.ts'

const steps: PoseName[] = ['right', 'centre', 'up', 'left']
const turns: Record<PoseName, Turn> = {
  left: { yaw: 24 },
  right: { yaw: -24 },
  up: { pitch: -22 },
  down: { pitch: 18 },
  centre: {}
}
const anna = (angle = 0.3) => Float32Array.of(Math.cos(angle), Math.sin(angle))
const stranger = Float32Array.of(0, 1)
const match = (embedding: Float32Array) => embedding[0]!
const thresholds = { similarity: 0.41, liveness: 0.02 }

let frameCount = 0
function frame (
  landmarks: Float32Array,
  {
    embedding = anna(),
    liveness = 0.4,
    surroundings = room(1),
    others = []
  }: Partial<{
    embedding: Float32Array
    liveness: number
    surroundings: ChallengeFrame['surroundings']
    others: ChallengeFrame['faces']
  }> = {}
): ChallengeFrame {
  return { sha256: `frame ${frameCount++}`, faces: [faceOf(landmarks, embedding), ...others], liveness, surroundings }
}
const sequence = (poses: PoseName[] = steps, view = photographs.head) => poses.map(pose => frame(view(turns[pose])))
const judge = (frames: ChallengeFrame[]) => judgeChallenge(steps, frames, match, thresholds)

t.test('a head that does what it is asked passes', async t => {
  const { reasons, checks } = judge(sequence())
  t.same(reasons, [])
  t.match(checks, {
    poses: { outcome: 'passed', score: 4, threshold: 4 },
    identity: { outcome: 'passed', threshold: 0.41 },
    parallax: { outcome: 'passed', threshold: 0.22 },
    liveness: { outcome: 'passed', score: 0.4, threshold: 0.02 },
    continuity: { outcome: 'passed', threshold: 0.6 }
  })
  const between = frame(photographs.head({ yaw: 14 }))
  t.same(
    judge([between, ...sequence(), frame(photographs.head({ yaw: -12 }))]).reasons,
    [],
    'frames on the way do no harm'
  )
  t.same(
    judge([
      ...sequence().slice(0, 2),
      { sha256: 'blurred', faces: [], liveness: null, surroundings: null },
      ...sequence().slice(2)
    ]).reasons,
    [],
    'nor does one without a face'
  )
})

t.test('every other order fails, with the pose that was missed', async t => {
  const orders: PoseName[][] = [[]]
  for (let i = 0; i < 4; i++) {
    orders.push(
      ...orders.splice(0).flatMap(order => steps.filter(step => !order.includes(step)).map(step => [...order, step]))
    )
  }
  for (const order of orders.filter(order => order.join() !== steps.join())) { t.same(judge(sequence(order)).reasons, ['pose_missed'], order.join()) }
  t.match(judge(sequence(['right', 'centre', 'left', 'up'])).checks.poses, {
    score: 3,
    message: /3 of 4 .* the next was left/
  })
  t.same(judge(sequence(['right', 'centre', 'down', 'left'])).reasons, ['pose_missed'])
  t.match(judge(sequence(['left', 'left', 'left', 'left'])).checks, {
    poses: { score: 0 },
    identity: { outcome: 'skipped' },
    parallax: { outcome: 'skipped' }
  })
})

t.test('who nods the other way does not make straight on a nod', async t => {
  const asked: PoseName[] = ['right', 'up', 'centre', 'left']
  const shown: PoseName[] = ['right', 'centre', 'down', 'left']
  t.same(judgeChallenge(asked, sequence(shown), match, thresholds).reasons, ['pose_missed'])
  t.same(judgeChallenge(shown, sequence(shown), match, thresholds).reasons, [])
})

t.test('a print that is turned shows no pose, and no depth', async t => {
  t.same(
    judge(sequence(steps, ({ yaw = 0, pitch = 0 }) => photographs.print({ yaw: yaw * 2, pitch: pitch * 2 }))).reasons,
    ['pose_missed']
  )
  // As if a landmark model had seen poses in it.
  const fooled = sequence(steps, photographs.print).map((flat, i) => ({
    ...flat,
    faces: [{ ...flat.faces[0]!, quality: sequence()[i]!.faces[0]!.quality }]
  }))
  t.same(judge(fooled).reasons, ['flat_face'])
})

t.test('one photo repeated fails', async t => {
  const [one] = sequence()
  t.same(judge([one!, one!, one!, one!]).reasons, ['pose_missed', 'frames_repeated'])
})

t.test('another person fails, in all frames and in the turned ones only', async t => {
  t.same(judge(sequence().map((_, i) => frame(photographs.head(turns[steps[i]!]), { embedding: stranger }))).reasons, [
    'face_mismatch'
  ])
  const swapped = (poses: PoseName[]) =>
    steps.map(step => frame(photographs.head(turns[step]), { embedding: poses.includes(step) ? stranger : anna(0) }))
  for (const poses of [['left', 'right'], ['up'], ['centre'], ['left', 'right', 'up']] as PoseName[][]) { t.same(judge(swapped(poses)).reasons, ['face_mismatch'], poses.join()) }
})

t.test('of several frames for a step the one that is recognised best counts', async t => {
  const blurred = frame(photographs.head(turns.left), { embedding: Float32Array.of(0, -1) })
  t.same(judge([...sequence(), blurred]).reasons, [])
  t.same(judge([...sequence().slice(0, 3), blurred, ...sequence().slice(3)]).reasons, [])
})

t.test('a second person, no person, a profile', async t => {
  const beside = face({ box: [0, 0, 150, 190] })
  t.same(judge([...sequence(), frame(photographs.head({}), { others: [beside] })]).reasons, ['several_faces'])
  t.same(
    judge([...sequence(), frame(photographs.head({}), { others: [face({ box: [0, 0, 40, 50] })] })]).reasons,
    [],
    'somebody far behind'
  )
  t.same(
    judge([
      ...sequence(),
      ...Array.from({ length: 2 }, () => ({ sha256: `none ${frameCount++}`, faces: [], liveness: null, surroundings: null }))
    ]).reasons,
    ['no_face']
  )
  t.same(
    judge(sequence(steps, turn => photographs.head({ ...turn, yaw: (turn.yaw ?? 0) * 2.8 }))).reasons,
    ['pose_missed'],
    'a profile is turned too far'
  )
})

t.test('frames that look like a screen, and frames from different places', async t => {
  const views = steps.map(step => photographs.head(turns[step]))
  t.same(
    judge(views.map((view, i) => frame(view, { liveness: [0.9, 0.001, 0.002, 0.9, 0][i]! / 10 }))).reasons,
    [],
    'the median of four lies between the middle two'
  )
  t.same(judge(views.map((view, i) => frame(view, { liveness: [0.9, 0.001, 0.002, 0.001][i]! }))).reasons, ['not_live'])
  t.same(judge(views.map((view, i) => frame(view, { surroundings: room(i + 1) }))).reasons, ['scene_changed'])
  t.same(
    judge(views.map((view, i) => frame(view, { surroundings: room(i === 2 ? 5 : 1) }))).reasons,
    ['scene_changed'],
    'one of them'
  )
  t.match(judgeChallenge(steps, sequence(), match, { similarity: 0.41, liveness: null }).checks.liveness, {
    outcome: 'skipped',
    score: null
  })
})
