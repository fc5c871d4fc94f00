import { dataType, type ModelProto, type NodeProto, type TensorProto } from '../../../onnx/schema.ts'
import { attributeInt, constantsOf } from '../convert/onnx-graph.ts'

/** Beyond it e^x leaves float32 (at 88.7); a sum of some hundred such terms still fits. */
const largestExponent = 80

/** Until then a softmax over an axis was one over all axes from it on (onnx/docs/Changelog.md). */
const leastOpset = 13

/**
 * The model with every expectation over a softmax (the box distributions of YOLOv8) written as sum(w e^x) / sum(e^x).
 * onnxruntime's softmax over an axis that is not the last one turns the tensor over twice: an eighth of the time of an
 * int8 detector (bench/NOTES.md). The same but for rounding, up to |x| = 80, where a network has long been certain.
 */
export function withFastExpectations (model: ModelProto): ModelProto {
  const opset = model.opsetImport?.find(({ domain = '' }) => domain === '')?.version ?? 0
  if (opset < leastOpset) return model
  const graph = model.graph!
  const outputs = new Set(graph.output?.map(({ name }) => name))
  const constants = constantsOf(graph)
  const nodes = graph.node ?? []
  const added: TensorProto[] = []
  const rewritten = new Map<NodeProto, NodeProto[]>()
  for (const softmax of nodes) {
    if (softmax.opType !== 'Softmax' || attributeInt(softmax, 'axis', -1) !== 1 || outputs.has(softmax.output![0]!)) { continue }
    const readers = nodes.filter(({ input }) => input?.includes(softmax.output![0]!))
    const [reader] = readers
    const weight = constants.get(reader?.input?.[1] ?? '')
    if (readers.length !== 1 || reader?.opType !== 'Conv' || reader.input!.length !== 2 || !isOneToOne(weight)) continue
    const [x] = softmax.input!
    const [powers] = softmax.output!
    const [result] = reader.output!
    const names = {
      low: `${powers}/least`,
      high: `${powers}/largest`,
      clipped: `${powers}/clipped`,
      ones: `${result}/ones`,
      sum: `${result}/sum`,
      total: `${result}/total`
    }
    added.push(
      floats(names.low, [-largestExponent], []),
      floats(names.high, [largestExponent], []),
      floats(names.ones, Array(weight.dims![1]!).fill(1), weight.dims!)
    )
    rewritten.set(softmax, [
      { opType: 'Clip', name: names.clipped, input: [x!, names.low, names.high], output: [names.clipped] },
      { opType: 'Exp', name: softmax.name ?? '', input: [names.clipped], output: [powers!] }
    ])
    rewritten.set(reader, [
      { ...reader, output: [names.sum] },
      { ...reader, name: names.total, input: [powers!, names.ones], output: [names.total] },
      { opType: 'Div', name: `${result}/Div`, input: [names.sum, names.total], output: [result!] }
    ])
  }
  if (rewritten.size === 0) return model
  return {
    ...model,
    graph: {
      ...graph,
      initializer: [...graph.initializer ?? [], ...added],
      node: nodes.flatMap(node => rewritten.get(node) ?? [node])
    }
  }
}

/** One output for each place: [1, channels, 1, 1]. */
function isOneToOne (weight: TensorProto | undefined): weight is TensorProto {
  const [outputs, , ...kernel] = weight?.dims ?? []
  return outputs === 1 && kernel.every(length => length === 1)
}

function floats (name: string, values: number[], dims: number[]): TensorProto {
  return { name, dims, dataType: dataType.float, rawData: new Uint8Array(Float32Array.from(values).buffer) }
}
