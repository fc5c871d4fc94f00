import t from 'tap'
import { areaUnderCurve, rateAt, thresholdFor, wilson } from '../../src/teaching/rates.ts'

t.test('the area is the share of pairs in the right order', async t => {
  t.equal(areaUnderCurve([0.9, 0.8], [0.1, 0.2]), 1)
  t.equal(areaUnderCurve([0.1], [0.9]), 0)
  t.equal(areaUnderCurve([0.5, 0.5], [0.5]), 0.5)
  t.equal(areaUnderCurve([0.9, 0.3], [0.5, 0.1]), 0.75)
})

t.test('a threshold lets through as many as it may, and no more', async t => {
  const scores = Array.from({ length: 20 }, (_, i) => i / 20)
  t.equal(scores.filter(score => score >= thresholdFor(scores, 0.05)).length, 1)
  t.equal(scores.filter(score => score >= thresholdFor(scores, 0.2)).length, 4)
  t.equal(
    [0.5, 0.5, 0.5, 0.1].filter(score => score >= thresholdFor([0.5, 0.5, 0.5, 0.1], 0.25)).length,
    0,
    'equal scores pass or fail together'
  )
  t.equal(thresholdFor([], 0.05), 0)
})

t.test('the interval is that of Wilson', async t => {
  const { rate, low, high } = wilson(8, 10)
  t.same([rate, low.toFixed(3), high.toFixed(3)], [0.8, '0.490', '0.943'])
  t.match(wilson(0, 20), { low: 0, rate: 0 })
  t.same(wilson(0, 0), { rate: 0, low: 0, high: 1, photos: 0 })
  t.match(rateAt([0.2, 0.6, 0.9], 0.6), { rate: 2 / 3, photos: 3 })
})
