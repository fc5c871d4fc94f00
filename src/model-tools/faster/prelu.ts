import { dataType, type GraphProto, type NodeProto } from '../../../onnx/schema.ts'
import { constantsOf, floatsOf } from '../convert/onnx-graph.ts'

/**
 * The graph with every PRelu(x, slope) written as max(x, slope x), which is the same for slopes of 1 or less, to the
 * last bit. onnxruntime has no integer kernel for it, and its float one is slow on the channels-last layout of integer
 * layers: up to a third of an int8 embedder's time (bench/NOTES.md).
 */
export function withoutPRelu (graph: GraphProto): GraphProto {
  const constants = constantsOf(graph)
  const rewrite = (node: NodeProto): NodeProto[] => {
    const slope = constants.get(node.input?.[1] ?? '')
    if (node.opType !== 'PRelu' || slope?.dataType !== dataType.float || !floatsOf(slope).every(value => value <= 1)) { return [node] }
    const scaled = `${node.output![0]!}/scaled`
    return [
      { opType: 'Mul', name: scaled, input: node.input!, output: [scaled] },
      { opType: 'Max', name: node.name ?? '', input: [node.input![0]!, scaled], output: node.output! }
    ]
  }
  return { ...graph, node: (graph.node ?? []).flatMap(rewrite) }
}
