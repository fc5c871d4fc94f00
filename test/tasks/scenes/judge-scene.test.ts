import t from 'tap'
import { judgeScene } from '../../../src/tasks/scenes/judge-scene.ts'
import type { Box } from '../../../workers/types.ts'
import { features, scene } from '../../helpers/scenes.ts'

const box: Box = [10, 10, 50, 90]
const near = (found: number | null, wanted: number) => Math.abs(found! - wanted) < 1e-6

t.test('the score is the probability of the weighted sum, with the region of the subject', async t => {
  const seen = features({
    mean: Float32Array.of(1, 1),
    max: Float32Array.of(2, 2),
    regions: [{ box, mean: Float32Array.of(3, 0) }]
  })
  t.ok(near(judgeScene(scene(), seen, box), 1 / (1 + Math.exp(-3.6))))
  t.ok(
    near(judgeScene(scene(), seen, [0, 0, 1, 1]), 1 / (1 + Math.exp(-1.7))),
    'a subject without a region: the whole picture stands for it'
  )
  t.ok(near(judgeScene(scene(), seen, null), 1 / (1 + Math.exp(-1.7))))
  t.ok(
    near(
      judgeScene(scene({ bias: 1, calibration: { slope: 2, offset: -1 } }), seen, box),
      1 / (1 + Math.exp(-(2 * 4.6 - 1)))
    )
  )
})

t.test('features of another kind have no score', async t => {
  t.equal(judgeScene(scene(), null, box), null)
  t.equal(judgeScene(scene(), features({ contract: 'labels-1/x/640' }), box), null)
  t.equal(judgeScene(scene(), features({ mean: new Float32Array(5) }), box), null, 'of another length')
})

t.test('other numbers may be judged where the verdict was measured to be the same on 99 % of photos', async t => {
  const seen = features({ contract: 'maps-1/x/640/int8-1' })
  const measured = (same: number) => scene({ measured: [{ contract: 'maps-1/x/640/int8-1', photos: 200, same }] })
  t.type(judgeScene(measured(198), seen, box), 'number')
  t.equal(judgeScene(measured(197), seen, box), null, 'too many differ')
  t.equal(judgeScene(measured(200), features({ contract: 'maps-1/x/640/int8-2' }), box), null, 'measured with others')
})
