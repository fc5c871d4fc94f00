import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseNames, readOnnxFacts } from '../../workers/onnx-file.ts'
import { arcface, arcfaceInt8, starter, withoutShared, withoutStarter } from '../helpers/models.ts'

/** One length-delimited protobuf field. */
function field (number: number, content: string | Buffer): Buffer {
  const body = Buffer.from(content)
  const length: number[] = []
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.of(number * 8 + 2, ...length), body])
}

function onnx (t: Test, ...parts: Buffer[]): string {
  const path = join(t.testdir(), 'model.onnx')
  writeFileSync(path, Buffer.concat(parts))
  return path
}

t.test('reads metadata and operators and skips weights', async t => {
  const path = onnx(t,
    Buffer.of(0x08, 0x0a),
    field(7, Buffer.concat([
      field(5, Buffer.alloc(200_000, 0xff)),
      field(1, Buffer.concat([field(1, 'input'), field(4, 'Conv')])),
      field(1, field(4, 'DynamicQuantizeLinear'))
    ])),
    field(14, Buffer.concat([field(1, 'names'), field(2, "{0: 'tree'}")])),
    field(14, Buffer.concat([field(1, 'task'), field(2, 'détection')])))
  t.same(readOnnxFacts(path), {
    metadata: { names: "{0: 'tree'}", task: 'détection' },
    operators: new Set(['Conv', 'DynamicQuantizeLinear'])
  })
})

t.test('a damaged file is named', async t => {
  for (const bytes of [
    Buffer.from('version https://git-lfs'),
    field(7, 'graph').subarray(0, 3),
    Buffer.alloc(30, 0xff)
  ]) {
    const path = onnx(t, bytes)
    t.throws(() => readOnnxFacts(path), { code: 'model_unreadable', message: new RegExp(path) })
  }
  t.throws(() => readOnnxFacts('/no/such/model.onnx'), { code: 'ENOENT' })
})

t.test('class names', async t => {
  t.same(parseNames("{0: 'person', 1: \"driver's seat\", 2: 'it\\'s'}"), ['person', "driver's seat", "it's"])
  t.same(parseNames("{0: 'a', 2: 'c'}"), ['a', 'class 1', 'c'])
  t.same(parseNames(''), [])
})

t.test('the COCO names of the starter detector', { skip: withoutStarter }, async t => {
  const names = parseNames(readOnnxFacts(starter.objectDetector!.path).metadata['names'] ?? '')
  t.equal(names.length, 80)
  t.same([names[0], names[58], names[79]], ['person', 'potted plant', 'toothbrush'])
})

t.test('recognises a dynamically quantised model', { skip: withoutShared }, async t => {
  t.ok(readOnnxFacts(arcfaceInt8.path).operators.has('DynamicQuantizeLinear'))
  t.notOk(readOnnxFacts(arcface.path).operators.has('DynamicQuantizeLinear'))
})
