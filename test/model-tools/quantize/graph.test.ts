import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { attributeType, dataType, type ModelProto, type NodeProto, type TensorProto } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { quantised } from '../../../src/model-tools/quantize/graph.ts'
import { planOf } from '../../../src/model-tools/quantize/plan.ts'
import { openSession } from '../../../workers/session.ts'
import { random } from '../../helpers/random.ts'
import { tinyOnnx } from '../../helpers/tiny-onnx.ts'

const side = 4

function weights (name: string, dims: number[], values: number[]): TensorProto {
  return { name, dims, dataType: dataType.float, rawData: new Uint8Array(Float32Array.from(values).buffer) }
}

function op (opType: string, input: string[], output: string, attributes: Record<string, number> = {}): NodeProto {
  return {
    opType,
    input,
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => ({ name, i: BigInt(value), type: attributeType.int }))
  }
}

/** A convolution with a Relu, one with a SiLU, both halves put together, and a last convolution. */
function network (): ModelProto {
  const next = random(7)
  const noise = (length: number) => Array.from({ length }, next)
  return decodeModel(tinyOnnx({
    input: [1, 3, side, side],
    outputs: { output0: [1, 1, side, side] },
    metadata: { names: '{0: \'thing\'}' },
    nodes: [
      op('Conv', ['images', 'w1', 'b1'], 'c1'),
      op('Relu', ['c1'], 'r1'),
      op('Conv', ['r1', 'w2'], 'c2'),
      op('Sigmoid', ['c2'], 's2'),
      op('Mul', ['c2', 's2'], 'm2'),
      op('Concat', ['r1', 'm2'], 'both', { axis: 1 }),
      op('Conv', ['both', 'w3', 'b3'], 'c3'),
      op('Relu', ['c3'], 'r3'),
      op('Conv', ['r3', 'w4', 'b4'], 'output0')
    ],
    initializers: [
      weights('w1', [2, 3, 1, 1], [1, 0, 0, 0, 100, 0]), weights('b1', [2], [0.4, -20]),
      weights('w2', [2, 2, 1, 1], noise(4)),
      weights('w3', [2, 4, 1, 1], noise(8)), weights('b3', [2], [0.1, 0.2]),
      weights('w4', [1, 2, 1, 1], [1, -1]), weights('b4', [1], [0.25])
    ]
  }))
}

const ranges = new Map([
  ['images', { min: 0, max: 1 }], ['r1', { min: -51, max: 204 }], ['c2', { min: -100, max: 200 }],
  ['s2', { min: 0, max: 255 / 256 }], ['r3', { min: 0, max: 300 }]
])

/** Step of the coarsest activation, r3. */
const coarsest = 300 / 255

function tensorOf (model: ModelProto, name: string): number[] {
  const { dataType: type, rawData } = model.graph!.initializer!.find(tensor => tensor.name === name)!
  const { buffer } = Uint8Array.from(rawData!)
  if (type === dataType.uint8) return [...new Uint8Array(buffer)]
  if (type === dataType.int8) return [...new Int8Array(buffer)]
  return type === dataType.int32 ? [...new Int32Array(buffer)] : [...new Float32Array(buffer)]
}

async function outputs (t: Test, model: ModelProto, values: Float32Array): Promise<number[]> {
  const path = join(t.testdir(), 'model.onnx')
  writeFileSync(path, encodeModel(model))
  const session = await openSession(path, 'cpu', 1)
  t.teardown(() => session.close())
  const [output] = await session.run(values, [1, 3, side, side])
  return [...output!.data]
}

t.test('known ranges and weights give known integers', async t => {
  const model = network()
  const result = decodeModel(encodeModel(quantised(model, planOf(model.graph!), ranges, { largestWeight: 127 })))
  t.same(tensorOf(result, 'images/scale'), [Math.fround(1 / 255)])
  t.same(tensorOf(result, 'images/zero_point'), [0])
  t.same(tensorOf(result, 'r1/scale'), [1])
  t.same(tensorOf(result, 'r1/zero_point'), [51])
  t.same(tensorOf(result, 's2/scale'), [1 / 256])
  t.same(tensorOf(result, 'c1/weight'), [127, 0, 0, 0, 127, 0], 'each channel fills all steps')
  t.same(tensorOf(result, 'c1/weight/scale'), [1 / 127, 100 / 127].map(Math.fround))
  t.same(tensorOf(result, 'c1/bias'), [0.4 * 127 * 255, -0.2 * 127 * 255].map(Math.round), 'in units of both scales')

  const { initializer, node } = result.graph!
  t.same(
    initializer!
      .filter(({ dataType: type }) => type === dataType.int8)
      .map(({ name }) => name)
      .filter(name => name!.endsWith('/weight')),
    ['c1/weight', 'c2/weight', 'c3/weight']
  )
  t.ok(initializer!.some(({ name }) => name === 'w4'), 'the last convolution stays float')
  t.notOk(initializer!.some(({ name }) => name === 'w1'), 'no weight is kept twice')
  t.same(node!.find(({ output }) => output?.[0] === 'output0')?.input, ['r3/dequantized', 'w4', 'b4'])
  t.same(node!.find(({ output }) => output?.[0] === 'r1')?.input, ['c1'], 'a Relu stays part of its convolution')
  t.same(result.metadataProps, model.metadataProps)
})

t.test('the integers compute what the floats do', async t => {
  const next = random(8)
  const values = Float32Array.from({ length: 3 * side * side }, () => next())
  const model = network()
  const float = await outputs(t, model, values)
  const spread = Math.max(...float) - Math.min(...float)
  t.ok(spread > 10)
  for (const largestWeight of [127, 64]) {
    const plan = planOf(model.graph!)
    const integer = await outputs(t, quantised(model, plan, ranges, { largestWeight }), values)
    const worst = Math.max(...integer.map((value, i) => Math.abs(value - float[i]!)))
    t.ok(worst < 2 * coarsest, `largest weight ${largestWeight}: ${worst} of ${spread}`)
    t.ok(worst > 0, 'and they are not the floats themselves')
  }
})
