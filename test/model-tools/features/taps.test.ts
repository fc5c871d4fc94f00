import { readFileSync } from 'node:fs'
import t from 'tap'
import { decodeModel } from '../../../src/model-tools/convert/onnx.ts'
import type { GraphProto, NodeProto } from '../../../onnx/schema.ts'
import { findTaps } from '../../../src/model-tools/features/taps.ts'
import { type Family, wiredGraph } from '../../helpers/detector-graphs.ts'
import { starter, withoutShared, withoutStarter, yoloInt8 } from '../../helpers/models.ts'

const finer = [2, 4, 1, 2, 4, 2, 1]

for (const family of ['v5', 'v8', 'v9', 'v10', '11', 'v12', 'yolox'] as Family[]) {
  t.test(`the maps of ${family} are found by how its graph is wired`, async t => {
    const { graph, maps: { backbone, neck, head } } = wiredGraph(family)
    t.same(findTaps(graph), [...backbone, ...neck, ...head].map((value, i) => ({ value, finer: finer[i] })))
    t.same(
      findTaps(renamed(graph)),
      findTaps(graph)!.map(({ value, finer }) => ({ value: `x${value}`, finer })),
      'whatever the names are'
    )
  })

  t.test(`the maps of ${family} with rounded activations are read where they are rounded`, async t => {
    const { graph, maps: { backbone, neck, head } } = wiredGraph(family)
    t.same(
      findTaps(rounded(graph))?.map(({ value }) => value),
      [...backbone, ...neck, ...head].map(value => `${value}/back`)
    )
  })
}

t.test('the maps of real files', { skip: withoutStarter || withoutShared }, async t => {
  const layers = [6, 4, 9, 12, 15, 18, 21].map(layer => `/model.${layer}/cv2/act/Mul_output_0`)
  for (const { id, path } of [starter.objectDetector!, yoloInt8]) {
    t.same(findTaps(decodeModel(readFileSync(path)).graph!), layers.map((value, i) => ({ value, finer: finer[i] })), id)
  }
  t.equal(
    findTaps(decodeModel(readFileSync(starter.faceDetector.path)).graph!),
    null,
    'a network without a neck has none'
  )
})

t.test('a graph that enlarges a map and never joins it again has no maps of use', async t => {
  const node: NodeProto[] = [
    { opType: 'Conv', input: ['images'], output: ['a'] }, { opType: 'Resize', input: ['a'], output: ['b'] },
    { opType: 'Concat', input: ['b', 'images'], output: ['c'] }, { opType: 'Relu', input: ['c'], output: ['d'] }
  ]
  t.equal(findTaps({ node, output: [{ name: 'd' }] }), null)
  t.equal(findTaps({ node: [], output: [] }), null)
})

function renamed (graph: GraphProto): GraphProto {
  const rename = (names: string[] = []) => names.map(name => name === '' ? '' : `x${name}`)
  return {
    node: graph.node!.map(node => ({ ...node, input: rename(node.input), output: rename(node.output) })),
    output: graph.output!.map(({ name }) => ({ name: `x${name}` }))
  }
}

/** Every activation of a convolution or SiLU rounded to 8 bits and back, as static quantisation writes it. */
function rounded (graph: GraphProto): GraphProto {
  const kinds = new Set(['Conv', 'Mul', 'Concat', 'Add'])
  const made = new Set(graph.node!.filter(({ opType }) => kinds.has(opType!)).flatMap(({ output }) => output!))
  return {
    ...graph,
    node: graph.node!.flatMap(node => [
      { ...node, input: node.input!.map(name => made.has(name) ? `${name}/back` : name) },
      ...node.output!.filter(name => made.has(name)).flatMap(name => [
        { opType: 'QuantizeLinear', input: [name, 'scale', 'zero'], output: [`${name}/8bit`] },
        { opType: 'DequantizeLinear', input: [`${name}/8bit`, 'scale', 'zero'], output: [`${name}/back`] }
      ])
    ])
  }
}
