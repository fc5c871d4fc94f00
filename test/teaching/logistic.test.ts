import t from 'tap'
import { type Example, fitLogistic, sumOf } from '../../src/teaching/logistic.ts'
import { centred, random } from '../helpers/random.ts'

const example = (numbers: number[], label: 0 | 1, weight = 1): Example => ({
  numbers: Float32Array.from(numbers),
  label,
  weight
})

t.test('without numbers the bias is the log odds of the weights', async t => {
  const { bias } = fitLogistic([example([0], 1, 3), example([0], 0, 1)], { shrinkage: 0.1 })
  t.ok(Math.abs(bias - Math.log(3)) < 1e-3, `${bias}`)
})

t.test('the fit has no slope left: every weight is worth what it costs', async t => {
  const next = random(1)
  const examples = Array.from({ length: 60 }, () => {
    const numbers = Array.from({ length: 5 }, () => centred(next))
    return example(numbers, numbers[0]! + 0.5 * centred(next) > 0 ? 1 : 0, 0.5 + next())
  })
  const shrinkage = 0.3
  const fit = fitLogistic(examples, { shrinkage, tolerance: 1e-6 })
  const errors = examples.map(
    ({ numbers, label, weight }) => weight * (1 / (1 + Math.exp(-sumOf(fit, numbers))) - label)
  )
  for (let i = 0; i < 5; i++) {
    const slope =
      shrinkage * fit.weights[i]! + errors.reduce((sum, error, at) => sum + error * examples[at]!.numbers[i]!, 0)
    t.ok(Math.abs(slope) < 1e-3, `weight ${i}: slope ${slope}`)
  }
  t.ok(Math.abs(errors.reduce((sum, error) => sum + error, 0)) < 1e-3, 'bias')
  t.ok(
    fit.weights[0]! > 3 * Math.max(...[1, 2, 3, 4].map(i => Math.abs(fit.weights[i]!))),
    'the number that matters weighs most'
  )
})

t.test('more shrinkage makes smaller weights, also where a line parts the classes', async t => {
  const examples = [example([1, 0], 1), example([2, 1], 1), example([-1, 0], 0), example([-2, 1], 0)]
  const [loose, tight] = [0.01, 1].map(shrinkage => Math.abs(fitLogistic(examples, { shrinkage }).weights[0]!))
  t.ok(Number.isFinite(loose) && loose! > 2 * tight!, `${loose} and ${tight}`)
})
