import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dataType } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { withoutPRelu } from '../../../src/model-tools/faster/prelu.ts'
import { openSession } from '../../../workers/session.ts'
import { centred, random } from '../../helpers/random.ts'
import { tinyOnnx } from '../../helpers/tiny-onnx.ts'

function network (slopes: number[]) {
  return decodeModel(
    tinyOnnx({
      input: [1, 3, 4, 4],
      outputs: { output0: [1, 3, 4, 4] },
      nodes: [{ opType: 'PRelu', input: ['images', 'slopes'], output: ['output0'] }],
      initializers: [
        {
          name: 'slopes',
          dims: [3, 1, 1],
          dataType: dataType.float,
          rawData: new Uint8Array(Float32Array.from(slopes).buffer)
        }
      ]
    })
  )
}

t.test('the same numbers without PRelu', async t => {
  const next = random(9)
  const values = Float32Array.from({ length: 48 }, () => centred(next))
  const model = network([0.25, -0.5, 1])
  const outputs = []
  for (const graph of [model.graph!, withoutPRelu(model.graph!)]) {
    const path = join(t.testdir(), 'model.onnx')
    writeFileSync(path, encodeModel({ ...model, graph }))
    const session = await openSession(path, 'cpu', 1)
    outputs.push([...(await session.run(values, [1, 3, 4, 4]))[0]!.data])
    await session.close()
  }
  t.same(outputs[1], outputs[0])
  t.same(withoutPRelu(model.graph!).node!.map(({ opType }) => opType), ['Mul', 'Max'])
})

t.test('a slope above 1 stays', async t => {
  t.same(withoutPRelu(network([0.25, 1.5, 1]).graph!).node!.map(({ opType }) => opType), ['PRelu'])
})
