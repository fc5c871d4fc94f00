import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { attributeType, type ModelProto, type NodeProto } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import { withOpset13 } from '../../../src/model-tools/quantize/opset.ts'
import { openSession } from '../../../workers/session.ts'
import { tinyOnnx } from '../../helpers/tiny-onnx.ts'

function network (version: number, ...nodes: NodeProto[]): ModelProto {
  const model = decodeModel(tinyOnnx({ input: [1, 3, 2, 2], outputs: { output0: [1, 3, 2, 2] }, nodes }))
  return { ...model, irVersion: 6, opsetImport: [{ version }, { domain: 'com.example', version: 1 }] }
}

const axes = [{ name: 'axes', ints: [1n], type: attributeType.ints }]

t.test('a later opset stays', async t => {
  for (const version of [13, 17, 20]) {
    const model = network(version, { opType: 'Softmax', input: ['images'], output: ['output0'] })
    t.equal(withOpset13(model), model)
  }
})

t.test('an older one is raised, and the axes of Squeeze and Unsqueeze become inputs', async t => {
  const model = network(9,
    { opType: 'Unsqueeze', input: ['images'], output: ['more'], attribute: axes },
    { opType: 'Squeeze', input: ['more'], output: ['less'], attribute: axes },
    { opType: 'Relu', input: ['less'], output: ['output0'] })
  const raised = withOpset13(model)
  t.match(raised, { irVersion: 7, opsetImport: [{ version: 13 }, { domain: 'com.example', version: 1 }] })
  const values = Float32Array.from({ length: 12 }, (_, i) => i - 6)
  const results = []
  for (const each of [model, raised]) {
    const path = join(t.testdir(), 'model.onnx')
    writeFileSync(path, encodeModel({ ...each, opsetImport: each.opsetImport!.slice(0, 1) }))
    const session = await openSession(path, 'cpu', 1)
    results.push([...(await session.run(values, [1, 3, 2, 2]))[0]!.data])
    await session.close()
  }
  t.same(results[1], results[0])
})

t.test('what means something else since is refused by name', async t => {
  const softmax = { opType: 'Softmax', input: ['images'], output: ['output0'] }
  t.throws(() => withOpset13(network(11, softmax)), {
    code: 'unsupported_model',
    message: /opset 13 or later, found opset 11 with Softmax,/
  })
  t.throws(() => withOpset13(network(9, { opType: 'Slice', input: ['images'], output: ['output0'] })), {
    code: 'unsupported_model',
    message: /with Slice/
  })
  t.throws(() => withOpset13(network(7, { opType: 'Relu', input: ['images'], output: ['output0'] })), {
    code: 'unsupported_model',
    message: /found opset 7/
  })
})
