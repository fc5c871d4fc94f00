import t from 'tap'
import { eyeSpan, fits, randomSteps } from '../../src/challenge/steps.ts'
import { faceOf, photographs } from '../helpers/heads.ts'

t.test('steps are both sides, one nod and straight, in any order', async t => {
  const seen = new Map<string, number>()
  for (let i = 0; i < 9600; i++) {
    const steps = randomSteps()
    t.ok(
      steps.length === 4 &&
        ['left', 'right', 'centre'].every(pose => steps.includes(pose as 'left')) &&
        steps.includes('up') !== steps.includes('down')
    )
    seen.set(steps.join(), (seen.get(steps.join()) ?? 0) + 1)
  }
  t.equal(seen.size, 48)
  t.ok([...seen.values()].every(count => count > 100 && count < 320), 'all about equally often')
})

t.test('a pose follows from the angles', async t => {
  const neutral = 4
  const poseOf = (yaw: number, pitch: number) =>
    (['left', 'right', 'up', 'down', 'centre'] as const).filter(step => fits(step, { yaw, pitch }, neutral))
  t.same(poseOf(0, 4), ['centre'])
  t.same(poseOf(20, 4), ['left'])
  t.same(poseOf(-20, 30), ['right'])
  t.same(poseOf(0, -9), ['up'])
  t.same(poseOf(5, 17), ['down'])
  t.same(poseOf(14, 4), [], 'between the poses')
  t.same(poseOf(16, 20), [], 'nodding aside')
})

t.test('a head in space shows its own left on the right side of the picture', async t => {
  const { quality } = faceOf(photographs.head({ yaw: 22 }), Float32Array.of(1, 0))
  t.ok(fits('left', quality, 9))
  t.ok(fits('up', faceOf(photographs.head({ pitch: -20 }), Float32Array.of(1, 0)).quality, 9))
  t.ok(fits('down', faceOf(photographs.head({ pitch: 20 }), Float32Array.of(1, 0)).quality, 9))
})

t.test('the span of the eyes shrinks towards the profile', async t => {
  const span = (yaw: number) => eyeSpan(photographs.head({ yaw }))
  t.ok(span(0) > span(25) && span(25) > 0.5 && span(65) < 0.5)
})
