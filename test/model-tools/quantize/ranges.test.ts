import t from 'tap'
import { rangeOf, rangesOf, unknownActivations } from '../../../src/model-tools/quantize/ranges.ts'
import type { Activation } from '../../../src/model-tools/quantize/plan.ts'
import { count, createHistogram, type Histogram } from '../../../workers/activation-histogram.ts'
import { centred, random } from '../../helpers/random.ts'

function histogramOf (values: number[]): Histogram {
  const histogram = createHistogram()
  count(histogram, Float32Array.from(values))
  return histogram
}

t.test('evenly spread values keep their whole range', async t => {
  const next = random(4)
  const { min, max } = rangeOf(histogramOf(Array.from({ length: 20_000 }, () => centred(next))), 'values')
  t.match([min, max].map(end => Math.round(end * 10) / 10), [-1.7, 1.7])
})

t.test('one outlier among many values is cut off, a common one is not', async t => {
  const next = random(5)
  const values = Array.from({ length: 1_000_000 }, () => next())
  const rare = rangeOf(histogramOf([...values, 20]), 'values')
  t.ok(rare.max < 15, `upper end ${rare.max}`)
  const common = rangeOf(histogramOf([...values, ...Array(10_000).fill(20)]), 'values')
  t.ok(common.max > 19, `upper end ${common.max}`)
})

t.test('the range holds 0', async t => {
  t.match(rangeOf(histogramOf([5, 6, 7]), 'values'), { min: 0 })
  t.match(rangeOf(histogramOf([-5, -6, -7]), 'values'), { max: 0 })
})

t.test('what SiLU makes nearly 0 gets no steps', async t => {
  const next = random(6)
  const histogram = histogramOf(Array.from({ length: 20_000 }, () => next() * 30 - 25))
  t.ok(rangeOf(histogram, 'values').min < -20)
  const { min, max } = rangeOf(histogram, 'values before SiLU')
  t.ok(min > -10 && min < -2, `lower end ${min}`)
  t.ok(max > 4)
})

t.test('a group is as wide as its members need', async t => {
  const activations = new Map<string, Activation>([
    ['a', { group: 'a', source: 'values' }],
    ['b', { group: 'a', source: 'values' }],
    ['a and b', { group: 'a', source: 'moved' }],
    ['score', { group: 'score', source: 'probabilities' }]
  ])
  const plan = { kernels: new Map(), activations }
  t.same(unknownActivations(plan), ['a', 'b'])
  const ranges = rangesOf(plan, new Map([['a', histogramOf([0, 1, 2])], ['b', histogramOf([-3, 0, 1])]]))
  t.same([...ranges.keys()], ['a', 'score'])
  t.same(ranges.get('score'), { min: 0, max: 255 / 256 }, 'steps of 1/256')
  const { min, max } = ranges.get('a')!
  t.ok(min < -2.5 && max > 1.5, `${min} to ${max}`)
})
