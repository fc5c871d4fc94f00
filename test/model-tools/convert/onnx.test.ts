import t from 'tap'
import { ConvertError } from '../../../src/model-tools/convert/errors.ts'
import { foldBatchNorm, Graph } from '../../../src/model-tools/convert/graph.ts'
import { decodeModel, encodeModel } from '../../../src/model-tools/convert/onnx.ts'
import type { ModelProto } from '../../../onnx/schema.ts'
import { mutate, random } from '../../helpers/random.ts'

function sample (): Uint8Array {
  const graph = new Graph('sample')
  graph.input('x', ['n', 2])
  const y = graph.linear('x', 'layer', {
    shape: [3, 2],
    weight: Float32Array.of(1, 2, 3, 4, 5, 6),
    bias: Float32Array.of(0, 0, 1)
  })
  graph.output(graph.op('Reshape', [y, graph.ints([0, -1])]), 'y', ['n', 3])
  return graph.encode({ names: "{0: 'one'}" })
}

/** A field of bytes: its tag, length below 128 and content. */
function field (number: number, content: Uint8Array): Buffer {
  return Buffer.from([number << 3 | 2, content.length, ...content])
}

t.test('a model survives reading and writing', t => {
  const model = decodeModel(sample())
  t.match(model, {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [{ key: 'names', value: "{0: 'one'}" }],
    graph: {
      name: 'sample',
      initializer: [{ name: 'layer.weight', dims: [3, 2] }, { name: 'layer.bias' }, { dims: [2] }]
    }
  })
  t.same(model.graph!.node!.map(({ opType }) => opType), ['Gemm', 'Reshape', 'Identity'])
  t.same(model.graph!.node![0]!.attribute!.map(({ name, i }) => [name, i]), [['transB', 1n]])
  t.same(Buffer.from(encodeModel(model)), Buffer.from(sample()))
  t.end()
})

t.test('fields that are not known are kept, in messages and below', t => {
  const original = encodeModel({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      name: 'g',
      node: [{ opType: 'Relu', unknown: [field(6, Buffer.from('doc'))] }],
      unknown: [field(10, Buffer.from('a graph'))]
    },
    // A 64-bit and a 32-bit field, as newer versions of the format may add.
    unknown: [
      Buffer.from([((30 << 3) & 0x7f) | 0x80 | 1, 1, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([(15 << 3) | 5, 9, 9, 9, 9])
    ]
  })
  const model = decodeModel(original)
  t.equal(model.unknown!.length, 2)
  t.same(model.graph!.node![0]!.unknown, [field(6, Buffer.from('doc'))])
  model.producerName = 'changed'
  const again = decodeModel(encodeModel(model))
  t.same({ ...again, producerName: undefined }, { ...decodeModel(original), producerName: undefined })
  t.end()
})

t.test('64-bit integers, packed or not', t => {
  const most = 2n ** 63n - 1n
  const model: ModelProto = {
    opsetImport: [{ version: 17 }],
    graph: { node: [{ attribute: [{ name: 'ends', ints: [most, -1n, 0n], i: -(2n ** 63n) }] }] }
  }
  const again = decodeModel(encodeModel(model))
  t.same(again.graph!.node![0]!.attribute![0]!.ints, [most, -1n, 0n])
  t.equal(again.graph!.node![0]!.attribute![0]!.i, -(2n ** 63n))

  const packed = field(7, field(5, Buffer.concat([field(1, Buffer.from([2, 0xac, 0x02])), field(7, Buffer.from([5]))])))
  const { initializer } = decodeModel(Buffer.concat([packed, field(8, Buffer.from([0x10, 17]))])).graph!
  t.same(initializer, [{ dims: [2, 300], int64Data: [5n] }])
  t.end()
})

t.test('damaged files are refused in one sentence', t => {
  const deep = Array.from({ length: 40 }).reduce<Buffer>((inner, _, i) => {
    const length = Buffer.alloc(3)
    const size = inner.length
    length.set([size & 0x7f | 0x80, size >> 7 & 0x7f | 0x80, size >> 14])
    return Buffer.concat([Buffer.from([(i % 3 === 0 ? 1 : i % 3 === 1 ? 5 : 6) << 3 | 2]), length, inner])
  }, Buffer.alloc(0))
  const cases: [string, Buffer, RegExp][] = [
    ['empty', Buffer.alloc(0), /without a graph/],
    ['text', Buffer.from('hello world'), /found/],
    ['no operator set', field(7, Buffer.alloc(0)), /operator set/],
    ['a field beyond the end', Buffer.from([7 << 3 | 2, 100, 0]), /100 bytes/],
    ['an endless number', Buffer.alloc(20, 0xff), /64 bits|length/],
    ['bad UTF-8', field(2, Buffer.from([0xff])), /UTF-8/],
    ['an unknown wire type', Buffer.from([9 << 3 | 3]), /wire type 3/]
  ]
  for (const [title, bytes, message] of cases) { t.throws(() => decodeModel(bytes), { code: 'malformed_onnx', message }, title) }
  t.throws(
    () =>
      decodeModel(Buffer.concat([Buffer.from([(7 << 3) | 2, (deep.length & 0x7f) | 0x80, deep.length >> 7]), deep])),
    ConvertError
  )
  t.end()
})

t.test('mutated models', t => {
  const next = random(5)
  const source = Buffer.from(sample())
  const outcomes = { read: 0, refused: 0 }
  for (let i = 0; i < 10_000; i++) {
    const input = mutate(source, next)
    try {
      const model = decodeModel(input)
      decodeModel(encodeModel(model))
      outcomes.read++
    } catch (error) {
      if (!(error instanceof ConvertError)) t.fail(`${input.toString('base64')}: ${(error as Error).stack}`)
      outcomes.refused++
    }
  }
  t.ok(outcomes.refused > 1000 && outcomes.read > 1000, JSON.stringify(outcomes))
  t.end()
})

t.test('a folded batch norm', t => {
  const folded = foldBatchNorm(
    { shape: [2, 2], weight: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(1, 0) },
    {
      scale: Float32Array.of(2, 1),
      shift: Float32Array.of(10, 20),
      mean: Float32Array.of(3, 4),
      variance: Float32Array.of(3, 15),
      epsilon: 1
    }
  )
  t.same([...folded.weight], [1, 2, 0.75, 1])
  t.same([...folded.bias], [8, 19])
  t.end()
})
