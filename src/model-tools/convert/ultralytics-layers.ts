/**
 * The layers of Ultralytics detection networks as ONNX nodes.
 *
 * Layers: github.com/ultralytics/ultralytics, nn/modules/{conv,block}.py (AGPL-3.0).
 */
import { foldBatchNorm, type Graph, type Weights } from './graph.ts'
import { type Module, unsupported } from './ultralytics-module.ts'

/** Enough layers for a YOLO11x; a cyclic pickle stops here. */
const maxLayers = 5000

/** A feature map [n, channels, h, w] in the graph. */
export interface Feature { name: string, channels: number }

/** Weights of a plain Conv2d and how it slides. */
function readConv (module: Module): Weights & {
  strides: number[],
  pads: number[],
  dilations: number[],
  groups: number
} {
  module.require('padding_mode', 'zeros', undefined)
  const { shape, values } = module.weight(4)
  const [top, left] = module.sizes('padding', 0)
  const channels = shape[0]!
  return {
    shape,
    weight: values,
    bias: module.vector('_parameters', 'bias', channels) ?? new Float32Array(channels),
    strides: module.sizes('stride', 1),
    pads: [top, left, top, left],
    dilations: module.sizes('dilation', 1),
    groups: module.count('groups')
  }
}

/** Writes layers into a graph. */
export class Emitter {
  readonly graph: Graph
  #layers = 0

  constructor (graph: Graph) { this.graph = graph }

  /** The output of `module` for the input x. */
  emit (module: Module, x: Feature): Feature {
    if (++this.#layers > maxLayers) throw unsupported(`at most ${maxLayers} layers`, 'more')
    const emit = emitters[module.className]
    if (!emit) throw unsupported(`a layer that takes one feature map at ${module.path}`, module.className)
    return emit(this, module, x)
  }

  chain (modules: Module[], x: Feature): Feature {
    return modules.reduce((input, module) => this.emit(module, input), x)
  }

  linear (module: Module, x: Feature, norm: Module | null): Feature {
    const conv = readConv(module)
    if (conv.groups === 0 || conv.shape[1]! * conv.groups !== x.channels) {
      throw unsupported(`${x.channels} input channels at ${module.path}`, `${conv.shape[1]! * conv.groups}`)
    }
    const weights = norm ? foldBatchNorm(conv, readNorm(norm, conv.shape[0]!)) : conv
    return { name: this.graph.conv(x.name, module.path, weights, conv), channels: conv.shape[0]! }
  }

  concat (parts: Feature[]): Feature {
    return {
      name: this.graph.op('Concat', parts.map(({ name }) => name), { axis: 1 }),
      channels: parts.reduce((sum, { channels }) => sum + channels, 0)
    }
  }

  add (a: Feature, b: Feature, path: string): Feature {
    if (a.channels !== b.channels) throw unsupported(`${a.channels} channels from ${path}`, `${b.channels}`)
    return { name: this.graph.op('Add', [a.name, b.name]), channels: a.channels }
  }

  halves (x: Feature, path: string): [Feature, Feature] {
    const channels = x.channels / 2
    if (!Number.isInteger(channels)) throw unsupported(`an even number of channels in ${path}`, `${x.channels}`)
    const [a, b] = this.graph.node('Split', [x.name, this.graph.ints([channels, channels])], { axis: 1 }, 2)
    return [{ name: a!, channels }, { name: b!, channels }]
  }
}

function readNorm (module: Module, channels: number) {
  return {
    scale: module.requiredVector('_parameters', 'weight', channels),
    shift: module.requiredVector('_parameters', 'bias', channels),
    mean: module.requiredVector('_buffers', 'running_mean', channels),
    variance: module.requiredVector('_buffers', 'running_var', channels),
    epsilon: module.number('eps')
  }
}

type Emit = (emitter: Emitter, module: Module, x: Feature) => Feature

/** Convolution, batch norm unless it was fused away, activation. */
const conv: Emit = (e, module, x) =>
  e.emit(module.child('act'), e.linear(module.child('conv'), x, module.has('bn') ? module.child('bn') : null))

/** Split in two, run the second half through the blocks, keep every step. */
const c2f: Emit = (e, module, x) => {
  const steps: Feature[] = e.halves(e.emit(module.child('cv1'), x), module.path)
  for (const block of module.child('m').children()) steps.push(e.emit(block, steps.at(-1)!))
  return e.emit(module.child('cv2'), e.concat(steps))
}

/** Two branches, one through the blocks. */
const c3: Emit = (e, module, x) => {
  const deep = e.emit(module.child('m'), e.emit(module.child('cv1'), x))
  return e.emit(module.child('cv3'), e.concat([deep, e.emit(module.child('cv2'), x)]))
}

const bottleneck: Emit = (e, module, x) => {
  const out = e.emit(module.child('cv2'), e.emit(module.child('cv1'), x))
  return module.flag('add') ? e.add(x, out, module.path) : out
}

const sppf: Emit = (e, module, x) => {
  const repeats = module.get('n') === undefined ? 3 : module.count('n')
  const steps = [e.emit(module.child('cv1'), x)]
  for (let i = 0; i < repeats; i++) steps.push(e.emit(module.child('m'), steps.at(-1)!))
  const out = e.emit(module.child('cv2'), e.concat(steps))
  return module.flag('add') ? e.add(x, out, module.path) : out
}

const maxPool: Emit = ({ graph }, module, x) => {
  module.require('ceil_mode', false, undefined)
  module.require('dilation', 1, undefined)
  const [top, left] = module.sizes('padding', 0)
  return {
    name: graph.op('MaxPool', [x.name], {
      kernel_shape: module.sizes('kernel_size', 1),
      strides: module.sizes('stride', 1),
      pads: [top, left, top, left]
    }),
    channels: x.channels
  }
}

const upsample: Emit = ({ graph }, module, x) => {
  module.require('mode', 'nearest')
  module.require('size', null, undefined)
  const [height, width] = module.sizes('scale_factor', 1)
  const scales = graph.floats([1, 1, height, width], [4])
  return {
    name: graph.op('Resize', [x.name, '', scales], {
      coordinate_transformation_mode: 'asymmetric',
      mode: 'nearest',
      nearest_mode: 'floor'
    }),
    channels: x.channels
  }
}

/** Multi-head self-attention over the positions of the map, plus a depthwise convolution of the values. */
const attention: Emit = (e, module, x) => {
  const { graph } = e
  const heads = module.count('num_heads')
  const keys = module.count('key_dim')
  const values = module.count('head_dim')
  const mixed = e.emit(module.child('qkv'), x)
  if (heads * values !== x.channels || heads * (2 * keys + values) !== mixed.channels) {
    throw unsupported(`${heads} heads of ${2 * keys + values} channels at ${module.path}`, `${mixed.channels} channels`)
  }
  const split = graph.op('Reshape', [mixed.name, graph.ints([0, heads, 2 * keys + values, -1])])
  const [q, k, v] = graph.node('Split', [split, graph.ints([keys, keys, values])], { axis: 2 }, 3) as [
    string,
    string,
    string
  ]
  const swap = { perm: [0, 1, 3, 2] }
  const scores = graph.op('Mul', [
    graph.op('MatMul', [graph.op('Transpose', [q], swap), k]),
    graph.floats([module.number('scale')], [1])
  ])
  const seen = graph.op('MatMul', [v, graph.op('Transpose', [graph.op('Softmax', [scores], { axis: -1 })], swap)])
  const shape = graph.op('Shape', [x.name])
  const map = (name: string): Feature => ({ name: graph.op('Reshape', [name, shape]), channels: x.channels })
  return e.emit(module.child('proj'), e.add(map(seen), e.emit(module.child('pe'), map(v)), module.path))
}

const psaBlock: Emit = (e, module, x) => {
  const add = module.flag('add')
  const attended = e.emit(module.child('attn'), x)
  const first = add ? e.add(x, attended, module.path) : attended
  const fed = e.emit(module.child('ffn'), first)
  return add ? e.add(first, fed, module.path) : fed
}

const c2psa: Emit = (e, module, x) => {
  const [kept, attended] = e.halves(e.emit(module.child('cv1'), x), module.path)
  return e.emit(module.child('cv2'), e.concat([kept, e.emit(module.child('m'), attended)]))
}

/** Class name -> how its forward pass looks in ONNX. Concat and Detect take several maps and stand apart. */
const emitters: Record<string, Emit> = {
  Attention: attention,
  Bottleneck: bottleneck,
  C2PSA: c2psa,
  C2f: c2f,
  C3: c3,
  C3k: c3,
  C3k2: c2f,
  Conv: conv,
  Conv2d: (e, module, x) => e.linear(module, x, null),
  DWConv: conv,
  Identity: (_, __, x) => x,
  MaxPool2d: maxPool,
  PSABlock: psaBlock,
  SPPF: sppf,
  Sequential: (e, module, x) => e.chain(module.children(), x),
  SiLU: ({ graph }, _, x) => ({ name: graph.op('Mul', [x.name, graph.op('Sigmoid', [x.name])]), channels: x.channels }),
  Upsample: upsample
}
