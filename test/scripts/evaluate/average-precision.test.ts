import t from 'tap'
import { averagePrecision, meanAveragePrecision } from '../../../scripts/evaluate/average-precision.ts'
import type { Box } from '../../../workers/types.ts'

const box: Box = [0, 0, 10, 10]
const near: Box = [1, 0, 11, 10]
const far: Box = [50, 50, 60, 60]

t.test('the area under the curve', async t => {
  t.equal(averagePrecision([{ score: 0.9, right: true }], 1), 1)
  t.equal(averagePrecision([{ score: 0.9, right: false }, { score: 0.8, right: true }], 1), 0.5)
  t.equal(averagePrecision([], 3), 0)
  // Recall 1/2 at precision 1: 51 of the 101 samples.
  t.equal(averagePrecision([{ score: 0.9, right: true }], 2), 51 / 101)
})

t.test('a box counts once, by its best detection', async t => {
  const truth = [{ label: 'cat', box }]
  const once = meanAveragePrecision([{ truth, detections: [{ label: 'cat', score: 0.9, box: near }] }], 0.5)
  t.equal(once.mean, 1)
  const twice = meanAveragePrecision(
    [
      {
        truth: [...truth, { label: 'cat', box: far }],
        detections: [
          { label: 'cat', score: 0.9, box },
          { label: 'cat', score: 0.8, box: near },
          { label: 'cat', score: 0.7, box: far }
        ]
      }
    ],
    0.5
  )
  t.ok(twice.mean < 1 && twice.mean > 0.5)
})

t.test('another class or too little overlap is wrong', async t => {
  const truth = [{ label: 'cat', box }]
  t.equal(meanAveragePrecision([{ truth, detections: [{ label: 'dog', score: 0.9, box }] }], 0.5).mean, 0)
  t.equal(meanAveragePrecision([{ truth, detections: [{ label: 'cat', score: 0.9, box: far }] }], 0.5).mean, 0)
  t.equal(
    meanAveragePrecision(
      [
        { truth, detections: [] },
        { truth: [], detections: [{ label: 'cat', score: 0.9, box }] }
      ],
      0.5
    ).mean,
    0,
    'in another photo'
  )
})

t.test('the mean is over the classes, not over the boxes', async t => {
  const truth = [{ label: 'cat', box }, { label: 'cat', box: far }, { label: 'dog', box }]
  const { mean, classes } = meanAveragePrecision(
    [
      {
        truth,
        detections: [
          { label: 'cat', score: 0.9, box },
          { label: 'cat', score: 0.9, box: far }
        ]
      }
    ],
    0.5
  )
  t.equal(mean, 0.5)
  t.strictSame(classes.map(({ label, boxes }) => [label, boxes]), [['cat', 2], ['dog', 1]])
})
