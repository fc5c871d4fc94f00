import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { attributeType, dataType, type GraphProto, type ModelProto } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { withFastExpectations } from '../../../src/model-tools/faster/expectation.ts'
import { openSession } from '../../../workers/session.ts'
import { centred, random } from '../../helpers/random.ts'
import { tinyOnnx } from '../../helpers/tiny-onnx.ts'

const bins = 16

/** The mean of distributions over 16 bins, for a grid of 4 x 5. */
function network (axis = 1, weightDims = [1, bins, 1, 1]): ModelProto {
  return decodeModel(
    tinyOnnx({
      input: [1, bins, 4, 5],
      outputs: { output0: [1, 1, 4, 5] },
      nodes: [
        {
          opType: 'Softmax',
          input: ['images'],
          output: ['shares'],
          attribute: [{ name: 'axis', i: BigInt(axis), type: attributeType.int }]
        },
        { opType: 'Conv', input: ['shares', 'places'], output: ['output0'] }
      ],
      initializers: [
        {
          name: 'places',
          dims: weightDims,
          dataType: dataType.float,
          rawData: new Uint8Array(Float32Array.from({ length: bins }, (_, i) => i).buffer)
        }
      ]
    })
  )
}

async function outputs (t: Test, graph: GraphProto, values: Float32Array): Promise<number[]> {
  const path = join(t.testdir(), 'model.onnx')
  writeFileSync(path, encodeModel({ ...network(), graph }))
  const session = await openSession(path, 'cpu', 1)
  t.teardown(() => session.close())
  return [...(await session.run(values, [1, bins, 4, 5]))[0]!.data]
}

t.test('the same mean without a softmax', async t => {
  const next = random(10)
  const graph = network().graph!
  const fast = withFastExpectations(network()).graph!
  t.notOk(fast.node!.some(({ opType }) => opType === 'Softmax'))
  for (const size of [1, 20]) {
    const values = Float32Array.from({ length: bins * 20 }, () => centred(next) * size)
    const expected = await outputs(t, graph, values)
    for (const [i, value] of (await outputs(t, fast, values)).entries()) { t.ok(Math.abs(value - expected[i]!) < 1e-4, `${value}`) }
  }
  const certain = new Float32Array(bins * 20).fill(-1e6)
  certain.fill(1e6, 7 * 20, 8 * 20)
  t.same(await outputs(t, fast, certain), Array(20).fill(7), 'however certain, it stays a number')
})

t.test('another softmax stays', async t => {
  const unchanged = (model: ModelProto, why: string) => t.same(withFastExpectations(model), model, why)
  unchanged(network(2), 'over another axis')
  unchanged(network(1, [2, bins / 2, 1, 1]), 'read by another convolution')
  // Until opset 13 it is one distribution over all axes from the given one on.
  unchanged({ ...network(), opsetImport: [{ domain: '', version: 12 }] }, 'of an older operator set')
  const { node, output, ...rest } = network().graph!
  unchanged(
    {
      ...network(),
      graph: { ...rest, output: output!, node: [...node!, { opType: 'Relu', input: ['shares'], output: ['other'] }] }
    },
    'read by something else as well'
  )
  unchanged(
    { ...network(), graph: { ...rest, node: node!, output: [...output!, { ...output![0]!, name: 'shares' }] } },
    'given out as well'
  )
})
