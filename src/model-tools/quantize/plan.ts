/** Decides which nodes of a float network compute with 8-bit integers, and which stay as they are. */
import { ConvertError } from '../convert/errors.ts'
import { attributeInt, constantsOf } from '../convert/onnx-graph.ts'
import { dataType, externalLocation, type GraphProto, type NodeProto, type TensorProto } from '../../../onnx/schema.ts'

export interface Plan {
  /** Nodes whose weights become int8, by the name of their output. */
  kernels: Map<string, Kernel>
  /** Tensors that become uint8, in the order of the graph. */
  activations: Map<string, Activation>
}

export interface Activation {
  /** The first of the tensors that share one scale and zero point. */
  group: string
  /** What its range is taken from; `moved`: from the others of its group, since it holds nothing but their values. */
  source: 'values' | 'values before SiLU' | 'probabilities' | 'moved'
}

export interface Kernel {
  node: NodeProto
  weight: TensorProto
  bias: TensorProto | null
  /** Axis of the weight that counts the output channels. */
  axis: number
}

/** Their output holds nothing but values of their input, so both take the same scale. */
const moves = new Set([
  'MaxPool',
  'Slice',
  'Split',
  'Reshape',
  'Flatten',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Resize',
  'Concat'
])

/** onnxruntime has a kernel for uint8 with a scale of its own for every input and output. */
const computes = new Set(['Add', 'Mul', 'Sigmoid', 'LeakyRelu', 'AveragePool', 'GlobalAveragePool'])

/** Rounding to uint8 does their work: they need no node of their own between a convolution and its output. */
const clips = new Set(['Relu', 'Clip'])

/**
 * Everything from the image to the last convolutions is planned as integers; those and what follows them (decoding of
 * boxes, scores) stay float, since a step of 1/256 is coarse for a coordinate of 640 pixels or a score near the
 * threshold. A last fully connected layer takes integers and gives floats.
 * @throws {ConvertError} `unsupported_model` without a convolution whose weights are constant
 */
export function planOf (graph: GraphProto): Plan {
  const nodes = graph.node ?? []
  const constants = constantsOf(graph)
  const consumers = consumersOf(nodes)
  const producers = new Map(nodes.flatMap(node => (node.output ?? []).map(name => [name, node] as const)))
  const outputs = new Set((graph.output ?? []).map(({ name }) => name))

  const candidates = new Map(nodes.flatMap(node => {
    const kernel = kernelOf(node, constants)
    return kernel === null || isExpectation(node, producers) ? [] : [[node.output![0]!, kernel] as const]
  }))
  if (candidates.size === 0) {
    throw new ConvertError(
      'unsupported_model',
      'expected a network with convolutions or fully connected layers whose weights are constant float32 numbers, found none'
    )
  }

  const leadsToKernel = reaching(nodes, node => candidates.has(node.output?.[0] ?? ''), () => true)
  const isLast = ({ output }: NodeProto): boolean => !leadsToKernel.has(output![0]!)
  const kernels = new Map([...candidates].filter(([, { node }]) => !(node.opType === 'Conv' && isLast(node))))
  if (kernels.size === 0) {
    throw new ConvertError(
      'unsupported_model',
      'expected a network with more than one layer: the last convolutions stay float, and there is none before them'
    )
  }

  // A Relu behind a convolution is part of it: the convolution's result is rounded behind the Relu.
  const results = new Set([...kernels.values()].filter(({ node }) => !isLast(node)).map(({ node }) => {
    const [reader, ...others] = consumers.get(node.output![0]!) ?? []
    return reader !== undefined && others.length === 0 && clips.has(reader.opType ?? '')
      ? reader.output![0]!
      : node.output![0]!
  }))
  const wanted = reaching(
    nodes,
    node => kernels.has(node.output?.[0] ?? ''),
    node => computes.has(node.opType ?? '') || movesValues(node),
    true
  )
  const becomesInteger = (name: string): boolean => !constants.has(name) &&
    (wanted.has(name) || (results.has(name) && !outputs.has(name)))

  const activations = new Map<string, Activation>()
  for (const { name = '' } of graph.input ?? []) { if (becomesInteger(name)) activations.set(name, { group: name, source: 'values' }) }
  for (const node of nodes) {
    for (const name of node.output ?? []) {
      if (!becomesInteger(name)) continue
      const moved = movesValues(node) ? dataInputs(node).map(input => activations.get(input)) : []
      if (moved.length === 0 || moved.includes(undefined)) {
        activations.set(name, { group: name, source: sourceOf(node, consumers.get(name) ?? []) })
      } else {
        activations.set(name, {
          group: join(
            moved.map(activation => activation!.group),
            activations
          ),
          source: 'moved'
        })
      }
    }
  }
  return { kernels, activations }
}

/** Makes one group of several; the first keeps its name. */
function join (groups: string[], activations: Map<string, Activation>): string {
  const [first] = groups
  for (const activation of activations.values()) if (groups.includes(activation.group)) activation.group = first!
  return first!
}

function sourceOf ({ opType, output }: NodeProto, consumers: NodeProto[]): Activation['source'] {
  if (opType === 'Sigmoid') return 'probabilities'
  const sigmoid = consumers.find(consumer => consumer.opType === 'Sigmoid')?.output?.[0]
  const silu = sigmoid !== undefined && consumers.length === 2 &&
    consumers.some(({ opType, input }) => opType === 'Mul' && input?.includes(output![0]!) && input.includes(sigmoid))
  return silu ? 'values before SiLU' : 'values'
}

/** Inputs that hold values, without shapes and lengths. */
function dataInputs ({ opType, input = [] }: NodeProto): string[] {
  return opType === 'Concat' ? input : input.slice(0, 1)
}

function kernelOf (node: NodeProto, constants: Map<string, TensorProto>): Kernel | null {
  const [data, weightName, biasName] = node.input ?? []
  const weight = constants.get(weightName ?? '')
  const bias = biasName === undefined || biasName === '' ? null : constants.get(biasName)
  if (data === undefined ||
    constants.has(data) ||
    !isFloat(weight) ||
    bias === undefined ||
    (bias !== null && !isFloat(bias))) return null
  const dims = weight.dims ?? []
  if (node.opType === 'Conv') return { node, weight, bias, axis: 0 }
  if (node.opType === 'MatMul' && dims.length === 2) return { node, weight, bias: null, axis: 1 }
  // A factor other than 1 would have to go into the scales.
  const plain = attributeInt(node, 'transA', 0) === 0 && ['alpha', 'beta'].every(name => isOne(node, name))
  if (node.opType === 'Gemm' && plain && (bias === null || bias.dims?.length === 1)) { return { node, weight, bias, axis: attributeInt(node, 'transB', 0) === 1 ? 0 : 1 } }
  return null
}

function isFloat (tensor: TensorProto | undefined): tensor is TensorProto {
  if (tensor?.dataLocation === externalLocation) {
    throw new ConvertError(
      'unsupported_model',
      `expected the weights inside the file, found ${tensor.name ?? 'some'} in another one`
    )
  }
  return tensor?.dataType === dataType.float
}

/** A float attribute that is 1 or absent; `f` is field 5 x 4 bytes of AttributeProto, kept as it is in the file. */
function isOne ({ attribute = [] }: NodeProto, name: string): boolean {
  const one = Buffer.of(0x15, 0, 0, 0x80, 0x3f)
  const found = attribute.find(entry => entry.name === name)
  return found === undefined || (found.unknown ?? []).some(field => one.equals(field))
}

/** Nearest neighbours are values of the input, interpolated ones are not. */
function movesValues (node: NodeProto): boolean {
  if (!moves.has(node.opType ?? '')) return false
  if (node.opType !== 'Resize') return true
  const mode = node.attribute?.find(({ name }) => name === 'mode')?.s
  return mode === undefined || Buffer.from(mode).toString() === 'nearest'
}

/**
 * The mean of a distribution (DFL of YOLOv8), written as a convolution with the weights 0, 1, 2, ...: part of the
 * decoding.
 */
function isExpectation ({ input = [] }: NodeProto, producers: Map<string, NodeProto>): boolean {
  let node = producers.get(input[0] ?? '')
  while (node !== undefined && ['Transpose', 'Reshape', 'Slice'].includes(node.opType ?? '')) { node = producers.get(node.input?.[0] ?? '') }
  return node?.opType === 'Softmax'
}

function consumersOf (nodes: NodeProto[]): Map<string, NodeProto[]> {
  const consumers = new Map<string, NodeProto[]>()
  for (const node of nodes) {
    for (const name of node.input ?? []) consumers.set(name, [...consumers.get(name) ?? [], node])
  }
  return consumers
}

/**
 * Tensors from which a target can be reached through nodes that `passes` lets through. `dataOnly`: targets count by
 * their first input.
 */
function reaching (
  nodes: NodeProto[],
  isTarget: (node: NodeProto) => boolean,
  passes: (node: NodeProto) => boolean,
  dataOnly = false
): Set<string> {
  const found = new Set<string>()
  for (const node of nodes.toReversed()) {
    const target = isTarget(node)
    if (!target && !(passes(node) && node.output?.some(name => found.has(name)))) continue
    for (const name of dataOnly && (target || movesValues(node)) ? dataInputs(node) : node.input ?? []) found.add(name)
  }
  return found
}
