/** Raises exports of older operator sets to the one that knows a scale for each channel. */
import { ConvertError } from '../convert/errors.ts'
import { dataType, type ModelProto, type NodeProto, type TensorProto } from '../../../onnx/schema.ts'

/** Scales for each channel came with opset 13, and with it IR version 7 (onnx/docs/Versioning.md). */
const least = { opset: 13, irVersion: 7 }

/** Operators that opsets 9 to 13 write in the same way (onnx/docs/Changelog.md). */
const unchanged = [
  'Add',
  'AveragePool',
  'BatchNormalization',
  'Cast',
  'Concat',
  'Constant',
  'Conv',
  'Div',
  'Exp',
  'Flatten',
  'Gather',
  'Gemm',
  'GlobalAveragePool',
  'Identity',
  'LeakyRelu',
  'MatMul',
  'Max',
  'MaxPool',
  'Mul',
  'PRelu',
  'Relu',
  'Reshape',
  'Shape',
  'Sigmoid',
  'Sub',
  'Transpose'
]
/** Their axes became an input in opset 13. */
const withAxes = ['Squeeze', 'Unsqueeze']

/** What can be raised, from the opset on. */
const raisable = [
  { from: 11, operators: new Set([...unchanged, ...withAxes, 'Clip', 'Pad', 'Resize', 'Slice']) },
  { from: 9, operators: new Set([...unchanged, ...withAxes]) }
]

/**
 * The model in opset 13 or its own later one.
 * @throws {ConvertError} `unsupported_model` for operators that changed their meaning on the way
 */
export function withOpset13 (model: ModelProto): ModelProto {
  const isDefault = ({ domain = '' }: { domain?: string }): boolean => domain === '' || domain === 'ai.onnx'
  const version = model.opsetImport?.find(isDefault)?.version ?? 0
  if (version >= least.opset) return model
  const known = raisable.find(({ from }) => version >= from)?.operators ?? new Set()
  const nodes = model.graph!.node ?? []
  const changed = [
    ...new Set(nodes.filter(node => isDefault(node) && !known.has(node.opType ?? '')).map(({ opType }) => opType))
  ]
  if (changed.length > 0) {
    throw new ConvertError(
      'unsupported_model',
      `expected an export with opset ${least.opset} or later, found opset ${version} with ${changed.join(', ')}, which changed since; export it again`
    )
  }
  const axes: TensorProto[] = []
  const raise = (node: NodeProto): NodeProto => {
    const found = node.attribute?.find(({ name }) => name === 'axes')?.ints
    if (!withAxes.includes(node.opType ?? '') || found === undefined) return node
    const name = `${node.output![0]!}/axes`
    axes.push({
      name,
      dims: [found.length],
      dataType: dataType.int64,
      rawData: new Uint8Array(BigInt64Array.from(found).buffer)
    })
    return {
      ...node,
      input: [...(node.input ?? []), name],
      attribute: node.attribute!.filter(({ name }) => name !== 'axes')
    }
  }
  return {
    ...model,
    irVersion: Math.max(model.irVersion ?? 0, least.irVersion),
    opsetImport: model.opsetImport!.map(entry => isDefault(entry) ? { ...entry, version: least.opset } : entry),
    graph: { ...model.graph!, node: nodes.map(raise), initializer: [...model.graph!.initializer ?? [], ...axes] }
  }
}
