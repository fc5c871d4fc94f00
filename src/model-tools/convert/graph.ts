/** Builds an ONNX graph node by node (opset 17), with batch norms folded into the convolutions before them. */
import { ConvertError } from './errors.ts'
import {
  attributeType,
  type AttributeProto,
  dataType,
  type GraphProto,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto
} from '../../../onnx/schema.ts'
import { encodeModel } from './onnx.ts'

/** Opset 17 needs the IR version 8: onnx/docs/Versioning.md. */
const opset = 17
const irVersion = 8

/** Protobuf's limit for a file, which also bounds a pickle that names the same weights over and over. */
const maxWeightBytes = 2 ** 31 - 1

/** A learned linear layer: `weight` [out, in / groups, ...kernel] row-major, `bias` [out]. */
export interface Weights { shape: number[], weight: Float32Array, bias: Float32Array }

/** Each array has one number for each channel. */
export interface BatchNorm {
  scale: Float32Array
  shift: Float32Array
  mean: Float32Array
  variance: Float32Array
  epsilon: number
}

/** y = scale (Wx + b - mean) / sqrt(variance + epsilon) + shift, written as one linear layer. */
export function foldBatchNorm ({ shape, weight, bias }: Weights, norm: BatchNorm): Weights {
  const channels = shape[0]!
  const each = weight.length / channels
  const folded = { shape, weight: new Float32Array(weight.length), bias: new Float32Array(channels) }
  for (let c = 0; c < channels; c++) {
    const factor = norm.scale[c]! / Math.sqrt(norm.variance[c]! + norm.epsilon)
    folded.bias[c] = (bias[c]! - norm.mean[c]!) * factor + norm.shift[c]!
    for (let i = c * each; i < (c + 1) * each; i++) folded.weight[i] = weight[i]! * factor
  }
  return folded
}

export interface ConvOptions { strides: number[], pads: number[], dilations?: number[], groups: number }

/** A dimension is a size or a name for one that may vary. */
export type Dimensions = (number | string)[]

export class Graph {
  readonly #graph: Required<Pick<GraphProto, 'node' | 'initializer' | 'input' | 'output'>> & GraphProto
  #weightBytes = 0

  constructor (name: string) {
    this.#graph = { name, node: [], initializer: [], input: [], output: [] }
  }

  /** Adds a node and returns the names of its outputs. */
  node (
    opType: string,
    input: string[],
    attributes: Record<string, number | number[] | string> = {},
    outputs = 1
  ): string[] {
    const name = `${opType}_${this.#graph.node.length}`
    const output = Array.from({ length: outputs }, (_, i) => outputs === 1 ? name : `${name}_${i}`)
    this.#graph.node.push({
      input,
      output,
      name,
      opType,
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value))
    })
    return output
  }

  /** Adds a node with one output and returns its name. */
  op (opType: string, input: string[], attributes: Record<string, number | number[] | string> = {}): string {
    return this.node(opType, input, attributes)[0]!
  }

  /** The values are kept until `encode`, not copied: do not change them. */
  floats (values: Float32Array | number[], dims: number[], name = this.#constantName()): string {
    const data = values instanceof Float32Array ? values : Float32Array.from(values)
    return this.#initializer({
      name,
      dims,
      dataType: dataType.float,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    })
  }

  /** A float without dimensions. */
  scalar (value: number): string { return this.floats([value], []) }

  ints (values: number[], name = this.#constantName()): string {
    const data = BigInt64Array.from(values, BigInt)
    return this.#initializer({
      name,
      dims: [values.length],
      dataType: dataType.int64,
      rawData: new Uint8Array(data.buffer)
    })
  }

  conv (
    x: string,
    name: string,
    { shape, weight, bias }: Weights,
    { strides, pads, dilations = [1, 1], groups }: ConvOptions
  ): string {
    const inputs = [x, this.floats(weight, shape, `${name}.weight`), this.floats(bias, [shape[0]!], `${name}.bias`)]
    return this.op('Conv', inputs, { dilations, group: groups, kernel_shape: shape.slice(2), pads, strides })
  }

  /** y = x Wt + b for x [n, in] and W [out, in]. */
  linear (x: string, name: string, { shape, weight, bias }: Weights): string {
    return this.op(
      'Gemm',
      [x, this.floats(weight, shape, `${name}.weight`), this.floats(bias, [shape[0]!], `${name}.bias`)],
      { transB: 1 }
    )
  }

  input (name: string, dims: Dimensions): void { this.#graph.input.push(floatValue(name, dims)) }

  /** Gives the value `from` the public name `name`. */
  output (from: string, name: string, dims: Dimensions): void {
    this.#graph.node.push({ input: [from], output: [name], name, opType: 'Identity' })
    this.#graph.output.push(floatValue(name, dims))
  }

  /** The bytes of the ONNX file. */
  encode (metadata: Record<string, string>): Uint8Array {
    const model: ModelProto = {
      irVersion,
      producerName: 'eco-connect-verification',
      graph: this.#graph,
      opsetImport: [{ domain: '', version: opset }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value }))
    }
    return encodeModel(model)
  }

  #constantName (): string { return `constant_${this.#graph.initializer.length}` }

  #initializer (tensor: TensorProto & { name: string, rawData: Uint8Array }): string {
    this.#weightBytes += tensor.rawData.length
    if (this.#weightBytes > maxWeightBytes) { throw new ConvertError('too_large', `expected weights of at most ${maxWeightBytes} bytes, found more`) }
    this.#graph.initializer.push(tensor)
    return tensor.name
  }
}

function attribute (name: string, value: number | number[] | string): AttributeProto {
  if (typeof value === 'number') return { name, i: BigInt(value), type: attributeType.int }
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeType.string }
  return { name, ints: value.map(BigInt), type: attributeType.ints }
}

function floatValue (name: string, dims: Dimensions): ValueInfoProto {
  const dim = dims.map(size => typeof size === 'string' ? { dimParam: size } : { dimValue: size })
  return { name, type: { tensorType: { elemType: dataType.float, shape: { dim } } } }
}
