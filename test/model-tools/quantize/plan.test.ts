import t from 'tap'
import {
  type AttributeProto,
  attributeType,
  dataType,
  type GraphProto,
  type NodeProto,
  type TensorProto
} from '../../../onnx/schema.ts'
import { planOf } from '../../../src/model-tools/quantize/plan.ts'

function op (opType: string, input: string[], output: string, attribute: AttributeProto[] = []): NodeProto {
  return { opType, input, output: [output], attribute }
}

function graph (node: NodeProto[], output: string, more: Partial<GraphProto> = {}): GraphProto {
  const weight = (name: string, dims: number[]): TensorProto => ({
    name,
    dims,
    dataType: dataType.float,
    rawData: new Uint8Array(4 * dims.reduce((a, b) => a * b))
  })
  return {
    input: [{ name: 'images' }],
    output: [{ name: output }],
    initializer: [
      weight('w', [2, 2, 1, 1]),
      weight('square', [2, 2]),
      { name: 'shape', dims: [1], dataType: dataType.int64 }
    ],
    node,
    ...more
  }
}

const layers = (g: GraphProto) => [...planOf(g).kernels.keys()]
const groups = (g: GraphProto) =>
  Object.fromEntries([...planOf(g).activations].map(([name, { group }]) => [name, group]))

t.test('all convolutions but the last of each path', async t => {
  const g = graph([
    op('Conv', ['images', 'w'], 'a'), op('Conv', ['a', 'w'], 'b'),
    op('Conv', ['b', 'w'], 'boxes'), op('Conv', ['b', 'w'], 'scores'), op('Sigmoid', ['scores'], 'probabilities'),
    op('Concat', ['boxes', 'probabilities'], 'out')
  ], 'out')
  t.same(layers(g), ['a', 'b'])
  t.same(groups(g), { images: 'images', a: 'a', b: 'b' })
})

t.test('the convolution that decodes boxes is not the last one', async t => {
  const g = graph(
    [
      op('Conv', ['images', 'w'], 'a'),
      op('Conv', ['a', 'w'], 'raw'),
      op('Reshape', ['raw', 'shape'], 'bins'),
      op('Softmax', ['bins'], 'shares'),
      op('Transpose', ['shares'], 'turned'),
      op('Conv', ['turned', 'w'], 'out')
    ],
    'out'
  )
  t.same(layers(g), ['a'])
})

t.test('a last fully connected layer takes integers and gives floats', async t => {
  const g = graph(
    [op('Conv', ['images', 'w'], 'a'), op('Flatten', ['a'], 'flat'), op('Gemm', ['flat', 'square'], 'out')],
    'out'
  )
  t.same(layers(g), ['a', 'out'])
  t.same(groups(g), { images: 'images', a: 'a', flat: 'a' })

  const half = [{ name: 'alpha', type: 1, unknown: [Uint8Array.of(0x15, 0, 0, 0, 0x3f)] }]
  t.same(
    layers(
      graph(
        [op('Conv', ['images', 'w'], 'a'), op('Conv', ['a', 'w'], 'b'), op('Gemm', ['b', 'square'], 'out', half)],
        'out'
      )
    ),
    ['a'],
    'with a factor it stays float'
  )
})

t.test('tensors that hold the same values share a scale', async t => {
  const g = graph(
    [
      op('Conv', ['images', 'w'], 'a'),
      op('MaxPool', ['a'], 'pooled'),
      op('Conv', ['pooled', 'w'], 'b'),
      op('Concat', ['pooled', 'b'], 'both'),
      op('Slice', ['both', 'shape', 'shape'], 'part'),
      op('Add', ['part', 'a'], 'sum'),
      op('Conv', ['sum', 'w'], 'c'),
      op('Conv', ['c', 'w'], 'out')
    ],
    'out'
  )
  t.same(groups(g), { images: 'images', a: 'a', pooled: 'a', b: 'a', both: 'a', part: 'a', sum: 'sum', c: 'c' })
  t.match(Object.fromEntries(planOf(g).activations), {
    b: { source: 'values' },
    both: { source: 'moved' },
    sum: { source: 'values' }
  })
})

t.test('interpolated values are not those of the input', async t => {
  const resize = (mode: string) =>
    graph(
      [
        op('Conv', ['images', 'w'], 'a'),
        op('Resize', ['a', '', 'shape'], 'b', [{ name: 'mode', s: Buffer.from(mode), type: attributeType.string }]),
        op('Conv', ['b', 'w'], 'c'),
        op('Conv', ['c', 'w'], 'out')
      ],
      'out'
    )
  t.match(groups(resize('nearest')), { b: 'a' })
  t.match(groups(resize('linear')), { b: 'b' })
})

t.test('SiLU is known by its two nodes', async t => {
  const g = graph(
    [
      op('Conv', ['images', 'w'], 'a'),
      op('Sigmoid', ['a'], 's'),
      op('Mul', ['a', 's'], 'm'),
      op('Conv', ['m', 'w'], 'b'),
      op('PRelu', ['b', 'w'], 'p'),
      op('Conv', ['p', 'w'], 'c'),
      op('Conv', ['c', 'w'], 'out')
    ],
    'out'
  )
  t.match(Object.fromEntries(planOf(g).activations), {
    a: { source: 'values before SiLU' },
    s: { source: 'probabilities' },
    m: { source: 'values' },
    b: { source: 'values' },
    p: { source: 'values' }
  })
})

t.test('an output that is read again stays there as it is', async t => {
  const g = graph(
    [op('Conv', ['images', 'w'], 'a'), op('Conv', ['a', 'w'], 'b'), op('Conv', ['b', 'w'], 'out')],
    'out',
    { output: [{ name: 'a' }, { name: 'out' }] }
  )
  t.same(layers(g), ['a', 'b'])
  t.match(groups(g), { a: 'a' })
})

t.test('what has no layers to quantise is refused', async t => {
  t.throws(() => planOf(graph([op('Relu', ['images'], 'out')], 'out')), {
    code: 'unsupported_model',
    message: /convolutions .* found none/
  })
  t.throws(() => planOf(graph([op('Conv', ['images', 'w'], 'out')], 'out')), {
    code: 'unsupported_model',
    message: /more than one layer/
  })
  const external = graph([op('Conv', ['images', 'w'], 'a'), op('Conv', ['a', 'w'], 'out')], 'out', {
    initializer: [{ name: 'w', dims: [1, 1, 1, 1], dataType: dataType.float, dataLocation: 1 }]
  })
  t.throws(() => planOf(external), { code: 'unsupported_model', message: /inside the file/ })
})
