import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { chooseProvider, openSession } from '../../workers/session.ts'
import { starter, withoutStarter } from '../helpers/models.ts'
import { writeTinyOnnx } from '../helpers/tiny-onnx.ts'

t.test('the CPU needs no trial', async t => {
  t.same(await chooseProvider('cpu', '/no/such/model.onnx'), { name: 'cpu', reason: null })
})

t.test('a provider asked for by name is never replaced', async t => {
  await t.rejects(chooseProvider('abacus', '/no/such/model.onnx'), {
    code: 'provider_unavailable',
    message: /"abacus".*EXECUTION_PROVIDER/
  })
  await t.rejects(chooseProvider('cuda', '/no/such/model.onnx'), {
    code: 'provider_unavailable',
    message: /libonnxruntime_providers_cuda/
  })
})

t.test('auto always ends with a provider', { skip: withoutStarter }, async t => {
  const { name, reason } = await chooseProvider('auto', starter.faceEmbedder.path)
  if (name === 'cuda') t.equal(reason, null)
  else t.match({ name, reason }, { name: 'cpu', reason: /CUDA cannot be used: ./ })
})

t.test('a file that is no model is named', async t => {
  const path = join(t.testdir(), 'broken.onnx')
  writeFileSync(path, 'no model')
  for (const file of [path, '/no/such/model.onnx']) {
    await t.rejects(openSession(file, 'cpu', 1), { code: 'model_unreadable', message: new RegExp(file) })
  }
})

t.test('runs a model', { skip: withoutStarter }, async t => {
  const session = await openSession(starter.faceEmbedder.path, 'cpu', 1)
  t.teardown(() => session.close())
  t.same(session.inputShape, [1, 3, 112, 112])
  const [output] = await session.run(new Float32Array(3 * 112 * 112), [1, 3, 112, 112])
  t.same(output?.shape, [1, 512])
  await t.rejects(session.run(new Float32Array(3), [1, 1, 1, 3]), /input/i, 'another shape')
})

t.test('half precision goes in and comes out', async t => {
  const path = writeTinyOnnx(join(t.testdir(), 'half.onnx'), {
    input: [1, 3, 'h', 'w'],
    inputType: 'float16',
    outputs: { out: [1, 3, 'h', 'w'] },
    nodes: [{ opType: 'Identity', input: ['images'], output: ['out'] }]
  })
  const session = await openSession(path, 'cpu', 1)
  t.teardown(() => session.close())
  t.same(session.inputShape, [1, 3, null, null])
  const [output] = await session.run(Float32Array.of(0, 0.5, -1), [1, 3, 1, 1])
  t.same(output, { name: 'out', shape: [1, 3, 1, 1], data: Float32Array.of(0, 0.5, -1) })
})

t.test('other inputs are refused', async t => {
  const path = writeTinyOnnx(join(t.testdir(), 'bytes.onnx'), {
    input: [1, 3, 8, 8],
    inputType: 'uint8',
    outputs: { out: [1, 3, 8, 8] },
    nodes: [{ opType: 'Identity', input: ['images'], output: ['out'] }]
  })
  await t.rejects(openSession(path, 'cpu', 1), { code: 'model_refused', message: /one float32 or float16 tensor/ })
})
