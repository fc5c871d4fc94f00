import t from 'tap'
import { boxToFrame, clipBox, iou, scaledBoxInside, squareAround, suppress } from '../../workers/boxes.ts'
import type { Box } from '../../workers/types.ts'

t.test('iou is the shared part of the joint area', async t => {
  t.equal(iou([0, 0, 10, 10], [0, 0, 10, 10]), 1)
  t.equal(iou([0, 0, 10, 10], [5, 0, 15, 10]), 50 / 150)
  t.equal(iou([0, 0, 10, 10], [10, 10, 20, 20]), 0)
  t.equal(iou([5, 5, 5, 5], [5, 5, 5, 5]), 0, 'no area, no overlap, no NaN')
  t.equal(iou([10, 10, 0, 0], [0, 0, 10, 10]), 0, 'a box turned inside out has no area')
})

t.test('suppression keeps the best of overlapping boxes and all that stand alone', async t => {
  const kept = suppress([
    { box: [1, 0, 11, 10], score: 0.6 },
    { box: [0, 0, 10, 10], score: 0.9 },
    { box: [50, 50, 60, 60], score: 0.3 }
  ], 0.5)
  t.same(kept.map(({ score }) => score), [0.9, 0.3])
  t.same(suppress([], 0.5), [])
})

t.test('suppression compares with kept boxes only, so a chain of overlaps keeps both ends', async t => {
  const chain = [0, 4, 8].map((x, i) => ({ box: [x, 0, x + 10, 10] as Box, score: 0.9 - i / 10 }))
  t.same(suppress(chain, 0.3).map(({ box }) => box[0]), [0, 8])
})

t.test('a canvas box maps back to the frame', async t => {
  t.same(
    boxToFrame([10, 20, 30, 60], { left: 10, top: 20, width: 100, height: 100, scaleX: 2, scaleY: 4 }),
    [0, 0, 10, 10]
  )
})

t.test('clipping keeps boxes inside the frame', async t => {
  t.same(clipBox([-5, -5, 200, 50], { width: 100, height: 40 }), [0, 0, 100, 40])
  t.same(clipBox([150, 0, 200, 10], { width: 100, height: 40 }), [100, 0, 100, 10])
})

t.test('an enlarged box is moved inside the frame and shrinks only when the frame is too small', async t => {
  const frame = { width: 101, height: 101 }
  t.same(scaledBoxInside([40, 40, 60, 60], 2, frame), [30, 30, 70, 70], 'room on all sides')
  t.same(scaledBoxInside([0, 40, 20, 60], 2, frame), [0, 30, 40, 70], 'shifted right')
  t.same(scaledBoxInside([90, 90, 110, 110], 2, frame), [60, 60, 100, 100], 'shifted left and up')
  t.same(scaledBoxInside([40, 40, 60, 60], 50, frame), [0, 0, 100, 100], 'no more than the frame')
  for (const box of [[0, 0, 0, 0], [-50, -50, 500, 500], [300, 300, 310, 310]] as Box[]) {
    const [x1, y1, x2, y2] = scaledBoxInside(box, 2.7, { width: 1, height: 1 })
    t.same([x1, y1, x2, y2].map(Math.trunc), [0, 0, 0, 0], 'one pixel is all there is')
  }
})

t.test('a square stands round the centre of a box', async t => {
  t.same(squareAround([40, 40, 60, 80], 1.5), { left: 20, top: 30, width: 60, height: 60 })
})
