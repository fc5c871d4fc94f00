import t from 'tap'
import { createPicture } from '../../workers/pixels.ts'
import type { FivePoints } from '../../workers/types.ts'
import { similarity, warp } from '../../workers/warp.ts'
import { grey, levels } from '../helpers/grey-picture.ts'

const points: FivePoints = [[30, 40], [70, 42], [50, 60], [35, 80], [65, 81]]

t.test('similarity recovers scale, rotation and shift', async t => {
  const [a, c, tx, ty] = [0.8, 0.3, -7, 12]
  const moved = points.map(([x, y]) => [a * x - c * y + tx, c * x + a * y + ty]) as FivePoints
  const found = similarity(points, moved)
  for (const [i, expected] of [a, -c, tx, c, a, ty].entries()) t.ok(Math.abs(found[i]! - expected) < 1e-9)
})

t.test('similarity of five equal points is flat, not NaN', async t => {
  const one = Array(5).fill([10, 10]) as FivePoints
  t.notOk(similarity(one, points).some(Number.isNaN))
  const target = grey([[9, 9]])
  warp(grey([[200]]), similarity(one, points), target)
  t.same(levels(target), [[0, 0]])
})

t.test('warp interpolates and is black outside', async t => {
  const target = createPicture(4, 1)
  warp(grey([[100, 200]]), [1, 0, 0.5, 0, 1, 0], target)
  t.same(levels(target), [[50, 150, 100, 0]])
  warp(grey([[100, 200]]), [1, 0, 1, 0, 1, 0], target)
  t.same(levels(target), [[0, 100, 200, 0]])
})
