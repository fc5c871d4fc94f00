/**
 * Writes a float network as one of 8-bit integers in the QDQ form: a QuantizeLinear and a DequantizeLinear round every
 * planned activation, and a DequantizeLinear behind every int8 weight. onnxruntime fuses them with the nodes between
 * into integer kernels; a processor without such kernels computes the same numbers in float.
 */
import { floatsOf } from '../convert/onnx-graph.ts'
import {
  type AttributeProto,
  attributeType,
  dataType,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto
} from '../../../onnx/schema.ts'
import {
  activationQuantiser,
  leastWeightScales,
  type Quantiser,
  quantiseBias,
  quantiseWeights,
  type Range
} from './numbers.ts'
import { withOpset13 } from './opset.ts'
import { type Kernel, type Plan } from './plan.ts'

export interface QuantizeOptions {
  /**
   * Largest weight: 127, or 64 where two products of uint8 and int8 must fit 16 bits (AVX2 and AVX-512 without VNNI).
   */
  largestWeight: number
}

/**
 * @param ranges of the groups of activations, by name
 * @throws {ConvertError} `unsupported_model` for an opset below 13 with operators that changed since
 */
export function quantised (
  model: ModelProto,
  plan: Plan,
  ranges: Map<string, Range>,
  options: QuantizeOptions
): ModelProto {
  const raised = withOpset13(model)
  const graph = raised.graph!
  const quantisers = new Map([...ranges].map(([name, range]) => [name, activationQuantiser(range)]))
  const quantiserOf = (name: string): Quantiser => quantisers.get(plan.activations.get(name)!.group)!
  const replacement = new Map([...plan.activations.keys()].map(name => [name, `${name}/dequantized`]))
  const initializer: TensorProto[] = []
  for (const [group, { scale, zeroPoint }] of quantisers) {
    initializer.push(
      tensor(`${group}/scale`, Float32Array.of(scale), []),
      tensor(`${group}/zero_point`, Uint8Array.of(zeroPoint), [])
    )
  }
  const roundTrip = (name: string): NodeProto[] => {
    const activation = plan.activations.get(name)
    if (activation === undefined) return []
    const parameters = [`${activation.group}/scale`, `${activation.group}/zero_point`]
    return [
      {
        opType: 'QuantizeLinear',
        name: `${name}/QuantizeLinear`,
        input: [name, ...parameters],
        output: [`${name}/quantized`]
      },
      {
        opType: 'DequantizeLinear',
        name: `${name}/DequantizeLinear`,
        input: [`${name}/quantized`, ...parameters],
        output: [replacement.get(name)!]
      }
    ]
  }

  const node = (graph.input ?? []).flatMap(({ name }) => roundTrip(name ?? ''))
  for (const original of graph.node ?? []) {
    const kernel = plan.kernels.get(original.output?.[0] ?? '')
    const input = (original.input ?? []).map(name => replacement.get(name) ?? name)
    if (kernel === undefined) node.push({ ...original, input })
    else {
      const weights = integerWeights(kernel, quantiserOf(original.input![0]!).scale, options.largestWeight)
      initializer.push(...weights.initializer)
      node.push(...weights.node, { ...original, input: [input[0]!, ...weights.names] })
    }
    node.push(...(original.output ?? []).flatMap(roundTrip))
  }

  const used = new Set([...node.flatMap(({ input = [] }) => input), ...(graph.output ?? []).map(({ name }) => name)])
  const unused = new Set((graph.initializer ?? []).map(({ name = '' }) => name).filter(name => !used.has(name)))
  const remaining: GraphProto = {
    ...graph,
    node: node.filter(({ opType, output }) => opType !== 'Constant' || used.has(output![0]!)),
    initializer: [...(graph.initializer ?? []).filter(({ name = '' }) => !unused.has(name)), ...initializer],
    input: (graph.input ?? []).filter(({ name = '' }) => !unused.has(name))
  }
  return { ...raised, graph: remaining }
}

/** Weights that are declared inside If or Loop would be lost; no detector export has any. */
function integerWeights (
  { node, weight, bias, axis }: Kernel,
  inputScale: number,
  largest: number
): { node: NodeProto[], initializer: TensorProto[], names: string[] } {
  const dims = weight.dims ?? []
  const prefix = node.output![0]!
  const floats = floatsOf(weight)
  const count = dims[axis]!
  const each = dims.slice(axis + 1).reduce((product, length) => product * length, 1)
  const biases = bias && floatsOf(bias)
  const { values, scales } = quantiseWeights(
    floats,
    { count, each },
    largest,
    biases ? leastWeightScales(biases, inputScale) : undefined
  )
  const result = {
    node: [dequantize(`${prefix}/weight`, axis, true)],
    initializer: [
      tensor(`${prefix}/weight`, values, dims),
      tensor(`${prefix}/weight/scale`, scales, [count]),
      tensor(`${prefix}/weight/zero_point`, new Int8Array(count), [count])
    ],
    names: [`${prefix}/weight/dequantized`]
  }
  if (biases) {
    result.node.push(dequantize(`${prefix}/bias`, 0, false))
    result.initializer.push(
      tensor(`${prefix}/bias`, quantiseBias(biases, inputScale, scales), [count]),
      tensor(`${prefix}/bias/scale`, scales.map(scale => scale * inputScale), [count])
    )
    result.names.push(`${prefix}/bias/dequantized`)
  }
  return result
}

function dequantize (name: string, axis: number, zeroPoint: boolean): NodeProto {
  const attribute: AttributeProto[] = [{ name: 'axis', i: BigInt(axis), type: attributeType.int }]
  return {
    opType: 'DequantizeLinear',
    name: `${name}/DequantizeLinear`,
    input: [name, `${name}/scale`, ...(zeroPoint ? [`${name}/zero_point`] : [])],
    output: [`${name}/dequantized`],
    attribute
  }
}

const types = new Map<unknown, number>([
  [Float32Array, dataType.float],
  [Uint8Array, dataType.uint8],
  [Int8Array, dataType.int8],
  [Int32Array, dataType.int32]
])

function tensor (
  name: string,
  values: Float32Array | Uint8Array | Int8Array | Int32Array,
  dims: number[]
): TensorProto {
  return {
    name,
    dims,
    dataType: types.get(values.constructor)!,
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  }
}
