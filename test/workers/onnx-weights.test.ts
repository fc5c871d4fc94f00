import { readFileSync } from 'node:fs'
import t from 'tap'
import { dataType, externalLocation, type TensorProto } from '../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../../src/model-tools/convert/onnx.ts'
import { flushNegligibleWeights } from '../../workers/onnx-weights.ts'
import { starter, withoutStarter } from '../helpers/models.ts'

function modelOf (...initializer: TensorProto[]): Uint8Array {
  return encodeModel({ opsetImport: [{ version: 17 }], graph: { initializer } })
}

function tensor (values: number[]): TensorProto {
  return {
    name: 'weights',
    dims: [values.length],
    dataType: dataType.float,
    rawData: new Uint8Array(Float32Array.from(values).buffer)
  }
}

function weightsIn (bytes: Uint8Array): number[][] {
  return decodeModel(bytes).graph!.initializer!
    .filter(tensor => tensor.dataType === dataType.float)
    .map(({ rawData }) => [...new Float32Array(Uint8Array.from(rawData!).buffer)])
}

t.test('what no sum can feel becomes zero, each tensor by its own measure', async t => {
  const bytes = modelOf(tensor([1, -0.5, 1e-14, 1e-16, -1e-40, 0]), tensor([1e-20, -1e-30, 1e-40]), tensor([]))
  t.equal(flushNegligibleWeights(bytes), true)
  t.same(weightsIn(bytes), [[1, -0.5, Math.fround(1e-14), 0, 0, 0], [Math.fround(1e-20), Math.fround(-1e-30), 0], []])
})

t.test('other types of number are left alone', async t => {
  const integers = { ...tensor([1, 1e-40]), dataType: dataType.int64 }
  const bytes = modelOf(integers)
  const before = bytes.slice()
  t.equal(flushNegligibleWeights(bytes), true)
  t.same(bytes, before)
})

t.test('weights in another file are left to onnxruntime', async t => {
  t.equal(flushNegligibleWeights(modelOf({ ...tensor([]), dataLocation: externalLocation })), false)
})

t.test('a damaged file is refused', async t => {
  const whole = modelOf(tensor([1, 2, 3]))
  for (const bytes of [whole.subarray(0, -1), Buffer.alloc(30, 0xff), Buffer.from('no model')]) {
    t.throws(() => flushNegligibleWeights(bytes), { code: 'model_unreadable' })
  }
})

t.test('the starter embedder loses its denormal numbers and nothing else', { skip: withoutStarter }, async t => {
  const before = readFileSync(starter.faceEmbedder.path)
  const after = Uint8Array.from(before)
  flushNegligibleWeights(after)
  const [original, flushed] = [weightsIn(before).flat(), weightsIn(after).flat()]
  t.ok(original.some(value => value !== 0 && Math.abs(value) < 2 ** -126), 'there were some')
  t.notOk(flushed.some(value => value !== 0 && Math.abs(value) < 2 ** -126), 'there are none')
  t.ok(flushed.every((value, i) => value === original[i] || Math.abs(original[i]!) < 1e-12))
})
