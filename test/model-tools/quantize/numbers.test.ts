import t from 'tap'
import { dataType } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { floatsOf } from '../../../src/model-tools/convert/onnx-graph.ts'
import {
  activationQuantiser,
  leastWeightScales,
  quantiseBias,
  quantiseWeights
} from '../../../src/model-tools/quantize/numbers.ts'
import { centred, random } from '../../helpers/random.ts'

t.test('scale and zero point of an activation', async t => {
  t.same(activationQuantiser({ min: 0, max: 255 }), { scale: 1, zeroPoint: 0 })
  t.same(activationQuantiser({ min: -127.5, max: 127.5 }), { scale: 1, zeroPoint: 128 })
  t.same(activationQuantiser({ min: -255, max: -10 }), { scale: 1, zeroPoint: 255 }, 'the range always holds 0')
  t.same(activationQuantiser({ min: 51, max: 510 }), { scale: 2, zeroPoint: 0 })
  const { scale } = activationQuantiser({ min: 0, max: 0 })
  t.ok(scale > 0, 'nothing but zeros')
})

t.test('there and back, a value moves by one step at most, and by half of one away from the ends', async t => {
  const next = random(2)
  for (const range of [{ min: -0.278, max: 12 }, { min: 0, max: 1 }, { min: -3, max: 0.1 }]) {
    const { scale, zeroPoint } = activationQuantiser(range)
    for (let i = 0; i < 1000; i++) {
      const value = range.min + next() * (range.max - range.min)
      const byte = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint))
      // The zero point itself is rounded, so that an end may lie half a step outside.
      const bound = byte === 0 || byte === 255 ? 1 : 0.5
      if (Math.abs((byte - zeroPoint) * scale - value) > scale * bound * 1.001) { t.fail(`${value} became ${(byte - zeroPoint) * scale}`) }
    }
    t.ok(zeroPoint >= 0 && zeroPoint <= 255)
  }
})

t.test('each channel of weights has its own scale', async t => {
  const weights = Float32Array.of(1, -0.25, 100, 25)
  const rows = quantiseWeights(weights, { count: 2, each: 2 }, 127)
  t.same([...rows.values], [127, -32, 127, 32], 'two rows')
  t.same([...rows.scales], [1 / 127, 100 / 127].map(Math.fround))
  const columns = quantiseWeights(weights, { count: 2, each: 1 }, 127)
  t.same([...columns.values], [1, -1, 127, 127], 'two columns')
  const reduced = quantiseWeights(weights, { count: 2, each: 2 }, 64)
  t.same([...reduced.values], [64, -16, 64, 16], 'fewer steps')
})

t.test('no weight moves by more than half a step', async t => {
  const next = random(3)
  const weights = Float32Array.from({ length: 5 * 18 }, (_, i) => centred(next) * 10 ** (Math.floor(i / 18) - 3))
  const { values, scales } = quantiseWeights(weights, { count: 5, each: 18 }, 127)
  const worst = Math.max(
    ...weights.map(
      (weight, i) => Math.abs(weight - values[i]! * scales[Math.floor(i / 18)]!) / scales[Math.floor(i / 18)]!
    )
  )
  t.ok(worst <= 0.5001, `${worst} steps`)
})

t.test('a channel of zeros with a bias keeps the bias', async t => {
  const bias = Float32Array.of(3, -2)
  const inputScale = 0.01
  const { values, scales } = quantiseWeights(
    Float32Array.of(0, 0, 1, -1),
    { count: 2, each: 2 },
    127,
    leastWeightScales(bias, inputScale)
  )
  t.same([...values], [0, 0, 127, -127])
  const integers = quantiseBias(bias, inputScale, scales)
  for (const [c, expected] of bias.entries()) {
    t.ok(Math.abs(integers[c]! * scales[c]! * inputScale - expected) < 1e-4, `${expected} as ${integers[c]}`)
  }
})

t.test('floats are read from either place of a tensor', async t => {
  const bytes = new Uint8Array(Float32Array.of(1, -2, 3).buffer)
  const tensors = [{ rawData: bytes }, { floatData: [bytes.subarray(0, 8), bytes.subarray(8)] }].map(data => ({
    dims: [3],
    dataType: dataType.float,
    ...data
  }))
  const { graph } = decodeModel(encodeModel({ opsetImport: [{ version: 17 }], graph: { initializer: tensors } }))
  for (const tensor of graph!.initializer!) t.same([...floatsOf(tensor)], [1, -2, 3])
})
