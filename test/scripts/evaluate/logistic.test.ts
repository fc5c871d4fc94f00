import t from 'tap'
import { fitLogistic } from '../../../scripts/evaluate/logistic.ts'
import { random } from '../../helpers/random.ts'

t.test('finds the coefficients that made the labels', async t => {
  const next = random(7)
  const examples = Array.from({ length: 20_000 }, () => {
    const inputs = [next() * 4 - 2, next() * 4 - 2]
    const probability = 1 / (1 + Math.exp(-(0.5 + 2 * inputs[0]! - inputs[1]!)))
    return { inputs, label: next() < probability ? 1 as const : 0 as const, weight: 1 }
  })
  for (const [i, expected] of [0.5, 2, -1].entries()) {
    const found = fitLogistic(examples)[i]!
    t.ok(Math.abs(found - expected) < 0.1, `${found} is about ${expected}`)
  }
})

t.test('weights count as repetitions', async t => {
  const [one, two, three] = [
    { inputs: [0], label: 1 as const },
    { inputs: [1], label: 0 as const },
    { inputs: [1], label: 1 as const }
  ]
  const weighted = fitLogistic([{ ...one, weight: 2 }, { ...two, weight: 3 }, { ...three, weight: 1 }])
  const repeated = fitLogistic([one, one, two, two, two, three].map(example => ({ ...example, weight: 1 })))
  t.ok(weighted.every((value, i) => Math.abs(value - repeated[i]!) < 1e-6))
})

t.test('classes that can be separated have an answer as well', async t => {
  t.ok(fitLogistic([{ inputs: [0], label: 0, weight: 1 }, { inputs: [1], label: 1, weight: 1 }]).every(Number.isFinite))
})
