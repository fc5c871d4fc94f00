import t from 'tap'
import { parallax } from '../../src/challenge/parallax.ts'
import { photographs } from '../helpers/heads.ts'

const { head, print, sheet } = photographs

t.test('a head that turns shows parallax, a plane next to none', async t => {
  t.ok(parallax(head({ yaw: 20 }), head({ yaw: -20 })) > 0.3)
  t.ok(parallax(print({ yaw: 40 }), print({ yaw: -40 })) < 0.08, 'what is left is perspective')
  t.ok(parallax(print({ yaw: 40, pitch: 20, distance: 100 }), print({ yaw: -30, distance: 100 })) < 0.01)
  t.ok(parallax(sheet(3, { yaw: 15 }), sheet(3, { yaw: -15 })) < 0.1)
})

t.test('neither scale nor place nor roll counts, nor which view comes first', async t => {
  const [a, b] = [head({ yaw: 20 }), head({ yaw: -15, pitch: 10 })]
  const moved = a.map((_, i) => i % 2 === 0 ? 0.5 * a[i]! - 0.3 * a[i + 1]! + 90 : 0.5 * a[i]! + 0.3 * a[i - 1]! - 40)
  t.ok(Math.abs(parallax(moved, b) - parallax(a, b)) < 0.02)
  t.equal(parallax(a, b), parallax(b, a))
  t.ok(parallax(a, moved) < 1e-3)
})

t.test('the mouth may move, and points on a line do no harm', async t => {
  const closed = head({})
  const open = closed.map((value, i) => i >= 96 && i % 2 === 1 ? value + 30 : value)
  t.ok(parallax(closed, open) < 1e-3)
  t.equal(parallax(new Float32Array(136), closed), 0)
  t.equal(parallax(closed, new Float32Array(136)), 0)
})
