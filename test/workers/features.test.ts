import t from 'tap'
import { labelFeatures, poolMaps } from '../../workers/features.ts'
import type { Box } from '../../workers/types.ts'

/** One map of two channels on 2 x 4 cells: the first counts the cells, the second is 1 in the left column only. */
const cells = {
  name: 'cells',
  shape: [1, 2, 2, 4],
  data: Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 1, 0, 0, 0, 1, 0, 0, 0])
}
const max = { name: 'max', shape: [1, 2, 1, 1], data: Float32Array.of(7, 1) }
const canvas = { width: 400, height: 200 }
const whole = { left: 0, top: 0, width: 400, height: 200, scaleX: 1, scaleY: 1 }
const seen = (box: Box) => ({ label: 'person', score: 0.9, box })
const near = (found: Float32Array, wanted: number[]) => wanted.every((value, i) => Math.abs(found[i]! - value) < 1e-6)

t.test('means are those of the picture, not of the rim', async t => {
  const full = poolMaps([cells], [max], canvas, whole, [])
  t.ok(near(full.mean, [3.5, 0.25]), `${full.mean}`)
  t.same(full.max, Float32Array.of(7, 1))
  t.same(full.regions, [])
  // The picture fills columns 1 and 2 and half of column 3, of the lower row.
  const rimmed = poolMaps(
    [cells],
    [max],
    canvas,
    { left: 100, top: 100, width: 250, height: 100, scaleX: 1, scaleY: 1 },
    []
  )
  t.ok(near(rimmed.mean, [(5 + 6 + 7 / 2) / 2.5, 0]), `${rimmed.mean}`)
})

t.test(
  'regions reach half a width to each side and a quarter of the height up and down, within the picture',
  async t => {
    // 100 x 100 becomes 200 x 150, from (50, 25) to (250, 175).
    const { regions } = poolMaps([cells], [max], canvas, whole, [seen([100, 50, 200, 150])])
    const columns = [0.5, 1, 0.5]
    const expected = columns.reduce((sum, share, i) => sum + share * (i + i + 4) * 0.75, 0) / (2 * 1.5)
    t.ok(near(regions[0]!.mean, [expected, 0.25]), `${regions[0]!.mean} is ${expected}`)
    t.same(regions[0]!.box, [100, 50, 200, 150])
    const cut = poolMaps([cells], [max], canvas, whole, [seen([0, 0, 400, 200])]).regions[0]!
    t.ok(near(cut.mean, [3.5, 0.25]), 'a box as large as the picture')
  }
)

t.test('only the largest detections have a region', async t => {
  const detections = Array.from({ length: 9 }, (_, i) => seen([0, 0, 20 + i, 20]))
  const { regions } = poolMaps([cells], [max], canvas, whole, detections)
  t.same(regions.map(({ box }) => box[2]), [28, 27, 26, 25, 24, 23])
})

t.test('a detector without maps gives the best score of every label', async t => {
  const { mean, max, regions } = labelFeatures(
    [
      { label: 'cup', score: 0.75, box: [0, 0, 1, 1] },
      { label: 'cup', score: 0.5, box: [0, 0, 1, 1] }
    ],
    ['dog', 'cup']
  )
  t.same([mean.length, [...max], regions], [0, [0, 0.75], []])
})
