import t from 'tap'
import {
  accuracyAt,
  bestAccuracy,
  quantile,
  shareAccepted,
  shareRejected,
  thresholdAtFmr,
  upperBound,
  wilsonInterval
} from '../../../scripts/evaluate/error-rates.ts'

t.test('a score at the threshold is accepted', async t => {
  t.equal(shareAccepted([0.1, 0.5, 0.9, 0.4], 0.5), 0.5)
  t.equal(shareRejected([0.1, 0.5, 0.9, 0.4], 0.5), 0.5)
  t.equal(shareAccepted([], 0.5), null)
  t.equal(shareRejected([], 0.5), null)
})

t.test('the threshold of a false match rate is the least that keeps it', async t => {
  const impostors = Float32Array.from({ length: 1000 }, (_, i) => i / 1000)
  for (const rate of [1e-2, 1e-1, 1e-3]) {
    const threshold = thresholdAtFmr(impostors, rate)!
    t.equal(shareAccepted(impostors, threshold), rate)
    t.ok(shareAccepted(impostors, threshold - 0.001)! > rate)
  }
  t.equal(thresholdAtFmr(impostors, 1), 0)
})

t.test('too few impostors show no rate', async t => {
  t.equal(thresholdAtFmr([0.1, 0.2], 1e-3), null)
  t.equal(thresholdAtFmr([], 1e-3), null)
})

t.test('equal scores are never split', async t => {
  const threshold = thresholdAtFmr([0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.2)!
  t.equal(shareAccepted([0.9, 0.5, 0.5, 0.5], threshold), 0.25)
  const none = thresholdAtFmr(Array(10).fill(0.5), 0.2)!
  t.equal(shareAccepted(Array(10).fill(0.5), none), 0)
})

t.test('the best accuracy lies between the classes', async t => {
  const best = bestAccuracy([0.9, 0.8, 0.4], [0.1, 0.2, 0.5])
  t.equal(best.accuracy, 5 / 6)
  t.equal(accuracyAt([0.9, 0.8, 0.4], [0.1, 0.2, 0.5], best.threshold), best.accuracy)
  t.match(bestAccuracy([0.9], [0.1]), { accuracy: 1, threshold: 0.5 })
  t.equal(bestAccuracy([0.1], [0.1, 0.1]).accuracy, 2 / 3, 'rejecting all')
})

t.test('quantiles interpolate', async t => {
  t.equal(quantile([3, 1, 2], 0.5), 2)
  t.equal(quantile([3, 1, 2], 0.25), 1.5)
  t.equal(quantile([1, 2], 1), 2)
  t.equal(quantile([], 0.5), null)
})

t.test('the upper bound of a rate shrinks with the trials', async t => {
  t.ok(Math.abs(upperBound(0, 9)! - 0.299) < 0.001, 'none of nine still allows 30 %')
  t.ok(upperBound(10, 1000)! > 0.01)
  t.ok(upperBound(10, 1000)! > upperBound(100, 10000)!)
  t.equal(upperBound(0, 0), null)
})

t.test('the interval of Wilson holds the rate, also without errors', async t => {
  const [low, high] = wilsonInterval(10, 100)!
  t.ok(Math.abs(low - 0.0552) < 1e-3 && Math.abs(high - 0.1744) < 1e-3, `${low} to ${high}`)
  t.equal(wilsonInterval(0, 2)![0], 0)
  t.ok(wilsonInterval(0, 2)![1] > 0.6, 'two photos show next to nothing')
  t.ok(wilsonInterval(5, 5)![1] === 1)
  t.equal(wilsonInterval(0, 0), null)
})
