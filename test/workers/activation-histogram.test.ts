import t from 'tap'
import { count, createHistogram } from '../../workers/activation-histogram.ts'
import { centred, random } from '../helpers/random.ts'

t.test('every value lands in its bin, and the ends are exact', async t => {
  const histogram = createHistogram()
  count(histogram, Float32Array.of(-1, 0, 0.5, 1))
  t.equal(histogram.limit, 1)
  t.equal(histogram.min, -1)
  t.equal(histogram.max, 1)
  const { length } = histogram.counts
  t.same([0, length / 2, length * 3 / 4, length - 1].map(bin => histogram.counts[bin]), [1, 1, 1, 1])
})

t.test('a value beyond the range widens it and loses nothing', async t => {
  const histogram = createHistogram()
  const next = random(1)
  const first = Float32Array.from({ length: 1000 }, () => centred(next))
  count(histogram, first)
  count(histogram, Float32Array.of(-9))
  t.equal(histogram.counts.reduce((sum, each) => sum + each), 1001)
  t.ok(histogram.limit >= 9)
  const width = 2 * histogram.limit / histogram.counts.length
  for (const bound of [-0.5, 0, 0.25]) {
    const below = histogram.counts
      .slice(0, Math.round((bound + histogram.limit) / width))
      .reduce((sum, each) => sum + each)
    const expected = first.filter(value => value < bound).length + 1
    t.ok(Math.abs(below - expected) <= 10, `${below} of ${expected} values below ${bound}`)
  }
})

t.test('nothing but zeros', async t => {
  const histogram = createHistogram()
  count(histogram, new Float32Array(5))
  t.equal(histogram.counts[histogram.counts.length / 2], 5)
  t.same([histogram.min, histogram.max], [0, 0])
})
