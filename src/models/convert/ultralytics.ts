/**
 * Ultralytics detection checkpoints (YOLOv8, YOLO11 and what is built of the same layers): from the pickled module graph
 * to ONNX with a dynamic batch and image size.
 *
 * Layers: github.com/ultralytics/ultralytics, nn/modules/{conv,block,head}.py; decoding: utils/tal.py (AGPL-3.0).
 */
import { ConvertError } from './errors.ts'
import { foldBatchNorm, Graph, type Weights } from './graph.ts'
import { formatLabels } from './inspect.ts'
import { PickledObject } from './pickle.ts'
import { Tensor } from './tensors.ts'

/** A feature map [n, channels, h, w] in the graph. */
interface Feature { name: string, channels: number }

function unsupported (expected: string, found: string): ConvertError {
  return new ConvertError('unsupported_model', `expected ${expected}, found ${found}`)
}

/** Deeper than any block in a block, and enough layers for a YOLO11x; a cyclic pickle stops at these. */
const maxDepth = 24
const maxLayers = 5000
const maxChannels = 1 << 16
/** Kernels, strides and paddings beyond this come from damage. */
const maxSize = 1024

/** One pickled `nn.Module`: typed access to its attributes, children and weights, with errors that name its path. */
class Module {
  readonly path: string
  readonly className: string
  readonly #state: Map<unknown, unknown>
  readonly #depth: number

  constructor (value: unknown, path: string, depth = 0) {
    if (!(value instanceof PickledObject) || !(value.state instanceof Map)) throw unsupported(`a layer at ${path || 'the root'}`, 'another value')
    if (depth > maxDepth) throw unsupported(`layers nested at most ${maxDepth} deep`, `${path.slice(0, 80)}...`)
    this.path = path
    this.className = value.className.slice(value.className.lastIndexOf('.') + 1)
    this.#state = value.state
    this.#depth = depth
  }

  get (name: string): unknown { return this.#state.get(name) }

  #table (name: string): Map<unknown, unknown> {
    const table = this.#state.get(name)
    if (!(table instanceof Map)) throw unsupported(`${name} of ${this.path}`, 'none')
    return table
  }

  has (child: string): boolean { return this.#table('_modules').get(child) instanceof PickledObject }

  child (name: string): Module {
    const path = this.path === '' ? name : `${this.path}.${name}`
    return new Module(this.#table('_modules').get(name), path, this.#depth + 1)
  }

  children (): Module[] { return [...this.#table('_modules').keys()].map(name => this.child(String(name))) }

  #tensor (table: '_parameters' | '_buffers', name: string): Tensor | null {
    const tensor = this.#table(table).get(name)
    return tensor instanceof Tensor ? tensor : null
  }

  /** A weight of `rank` dimensions. */
  weight (rank: number): { shape: number[], values: Float32Array } {
    const tensor = this.#tensor('_parameters', 'weight')
    if (!tensor || tensor.shape.length !== rank) throw unsupported(`a weight of ${rank} dimensions at ${this.path}`, tensor ? `[${tensor.shape.join(', ')}]` : 'none')
    return { shape: tensor.shape, values: tensor.floats() }
  }

  /** One number for each channel; null where the module has no such tensor. */
  vector (table: '_parameters' | '_buffers', name: string, channels: number): Float32Array | null {
    const tensor = this.#tensor(table, name)
    if (!tensor) return null
    if (tensor.shape.join() !== String(channels)) throw unsupported(`${this.path}.${name} of ${channels} numbers`, `shape [${tensor.shape.join(', ')}]`)
    return tensor.floats()
  }

  requiredVector (table: '_parameters' | '_buffers', name: string, channels: number): Float32Array {
    const values = this.vector(table, name, channels)
    if (!values) throw unsupported(`the tensor ${this.path}.${name}`, 'none')
    return values
  }

  number (name: string): number {
    const value = this.get(name)
    if (typeof value !== 'number' || !Number.isFinite(value)) throw unsupported(`a number as ${this.path}.${name}`, kind(value))
    return value
  }

  count (name: string): number {
    const value = this.number(name)
    if (!Number.isInteger(value) || value < 0 || value > maxChannels) throw unsupported(`a count as ${this.path}.${name}`, String(value))
    return value
  }

  flag (name: string): boolean {
    const value = this.get(name) ?? false
    if (typeof value !== 'boolean') throw unsupported(`True or False as ${this.path}.${name}`, kind(value))
    return value
  }

  /** Height and width in whole steps; PyTorch stores one number where both are equal. */
  sizes (name: string, least: number): [number, number] {
    const value = this.get(name)
    const [height, width = height] = Array.isArray(value) ? value : [value]
    const fits = [height, width].every(size => Number.isInteger(size) && size >= least && size <= maxSize)
    if (!fits || (Array.isArray(value) && value.length > 2)) throw unsupported(`one or two whole sizes from ${least} on as ${this.path}.${name}`, kind(value))
    return [height, width]
  }

  require (name: string, ...expected: unknown[]): void {
    const value = this.get(name)
    if (!expected.includes(value)) throw unsupported(`${this.path}.${name} ${String(expected[0])}`, kind(value))
  }
}

function kind (value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'object' && value !== null) return value instanceof PickledObject ? `a ${value.className}` : 'another value'
  return JSON.stringify(String(value).slice(0, 40))
}

/** Weights of a plain Conv2d and how it slides. */
function readConv (module: Module): Weights & { strides: number[], pads: number[], dilations: number[], groups: number } {
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

class Emitter {
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
const conv: Emit = (e, module, x) => e.emit(module.child('act'), e.linear(module.child('conv'), x, module.has('bn') ? module.child('bn') : null))

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
  return { name: graph.op('MaxPool', [x.name], { kernel_shape: module.sizes('kernel_size', 1), strides: module.sizes('stride', 1), pads: [top, left, top, left] }), channels: x.channels }
}

const upsample: Emit = ({ graph }, module, x) => {
  module.require('mode', 'nearest')
  module.require('size', null, undefined)
  const [height, width] = module.sizes('scale_factor', 1)
  const scales = graph.floats([1, 1, height, width], [4])
  return { name: graph.op('Resize', [x.name, '', scales], { coordinate_transformation_mode: 'asymmetric', mode: 'nearest', nearest_mode: 'floor' }), channels: x.channels }
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
  const [q, k, v] = graph.node('Split', [split, graph.ints([keys, keys, values])], { axis: 2 }, 3) as [string, string, string]
  const swap = { perm: [0, 1, 3, 2] }
  const scores = graph.op('Mul', [graph.op('MatMul', [graph.op('Transpose', [q], swap), k]), graph.floats([module.number('scale')], [1])])
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

/** Cell centres of a map [n, c, h, w] in cells: x and y, each [h * w], row by row. */
function cellCentres (graph: Graph, map: string): { x: string, y: string, cells: string } {
  const size = graph.op('Shape', [map], { start: 2 })
  const [height, width] = graph.node('Split', [size, graph.ints([1, 1])], { axis: 0 }, 2) as [string, string]
  const centres = (count: string) => {
    const steps = graph.op('Range', [graph.scalar(0), graph.op('Squeeze', [graph.op('Cast', [count], { to: 1 })]), graph.scalar(1)])
    return graph.op('Add', [steps, graph.scalar(0.5)])
  }
  const flat = (grid: string) => graph.op('Reshape', [graph.op('Expand', [grid, size]), graph.ints([-1])])
  return {
    x: flat(centres(width)),
    y: flat(graph.op('Unsqueeze', [centres(height), graph.ints([1])])),
    cells: graph.op('Mul', [height, width])
  }
}

/**
 * The head: for each cell of each map four distributions over distances (left, top, right, bottom, in cells) and one score
 * for each class, decoded to [n, 4 + classes, anchors]: centre x, centre y, width, height in input pixels, probabilities.
 */
function detect (e: Emitter, module: Module, maps: Feature[], strides: number[]): { name: string, classes: number } {
  const { graph } = e
  if (module.has('one2one_cv2')) throw unsupported('a Detect head whose boxes need NMS', 'an end-to-end one')
  module.require('xyxy', false, undefined)
  const classes = module.count('nc')
  const bins = module.count('reg_max')
  if (bins < 2 || maps.length !== strides.length) throw unsupported('a Detect head with DFL and one stride for each map', `${bins} bins, ${maps.length} maps, ${strides.length} strides`)

  const boxes: string[] = []
  const scores: string[] = []
  const grid: { x: string, y: string, stride: string }[] = []
  maps.forEach((map, i) => {
    const box = e.emit(module.child('cv2').child(String(i)), map)
    const score = e.emit(module.child('cv3').child(String(i)), map)
    if (box.channels !== 4 * bins || score.channels !== classes) throw unsupported(`${4 * bins} box and ${classes} class channels at ${module.path}`, `${box.channels} and ${score.channels}`)
    boxes.push(graph.op('Reshape', [box.name, graph.ints([0, 4, bins, -1])]))
    scores.push(graph.op('Reshape', [score.name, graph.ints([0, classes, -1])]))
    const { x, y, cells } = cellCentres(graph, map.name)
    grid.push({ x, y, stride: graph.op('Expand', [graph.floats([strides[i]!], [1]), cells]) })
  })

  const distribution = graph.op('Softmax', [graph.op('Concat', boxes, { axis: 3 })], { axis: 2 })
  const steps = module.child('dfl').child('conv').weight(4)
  if (steps.values.length !== bins) throw unsupported(`${bins} DFL weights`, `${steps.values.length}`)
  const weighed = graph.op('Mul', [distribution, graph.floats(steps.values, [1, 1, bins, 1])])
  const distances = graph.op('ReduceSum', [weighed, graph.ints([2])], { keepdims: 0 })
  const [near, far] = graph.node('Split', [distances, graph.ints([2, 2])], { axis: 1 }, 2) as [string, string]

  const row = (part: 'x' | 'y' | 'stride') => graph.op('Unsqueeze', [graph.op('Concat', grid.map(level => level[part]), { axis: 0 }), graph.ints([0])])
  const anchors = graph.op('Concat', [row('x'), row('y')], { axis: 0 })
  const start = graph.op('Sub', [anchors, near])
  const end = graph.op('Add', [anchors, far])
  const centre = graph.op('Div', [graph.op('Add', [start, end]), graph.scalar(2)])
  const pixels = graph.op('Mul', [graph.op('Concat', [centre, graph.op('Sub', [end, start])], { axis: 1 }), row('stride')])
  const probabilities = graph.op('Sigmoid', [graph.op('Concat', scores, { axis: 2 })])
  return { name: graph.op('Concat', [pixels, probabilities], { axis: 1 }), classes }
}

/** Class names by index. */
function readLabels (model: Module, classes: number): string[] {
  const names = model.get('names')
  const list = names instanceof Map ? Array.from({ length: classes }, (_, i) => names.get(i)) : Array.isArray(names) ? names : []
  const size = names instanceof Map ? names.size : list.length
  if (size !== classes || !list.every(name => typeof name === 'string')) throw unsupported(`the names of ${classes} classes`, `${size} entries`)
  return list
}

function readStrides (head: Module): number[] {
  const stride = head.get('stride')
  if (!(stride instanceof Tensor) || stride.shape.length !== 1 || stride.length > 8) throw unsupported('a stride for each map', kind(stride))
  const strides = [...stride.floats()]
  if (!strides.every(value => Number.isInteger(value) && value > 0 && value <= 1024)) throw unsupported('strides in whole pixels', strides.join(', '))
  return strides
}

/** The training image size, [height, width]; Ultralytics' default where the checkpoint does not say. */
function readImageSize (checkpoint: Map<unknown, unknown>): [number, number] {
  const args = checkpoint.get('train_args')
  const imgsz = args instanceof Map ? args.get('imgsz') : undefined
  const sizes = (Array.isArray(imgsz) ? imgsz : [imgsz]).filter((size): size is number => Number.isInteger(size) && (size as number) > 0)
  return [sizes[0] ?? 640, sizes[1] ?? sizes[0] ?? 640]
}

/** The layers of a model in order: `f` says whose outputs a layer takes, -1 being the layer before. */
function emitModel (e: Emitter, layers: Module[]): { name: string, classes: number, strides: number[] } {
  const outputs: Feature[] = []
  let previous: Feature = { name: 'images', channels: 3 }
  for (const [index, layer] of layers.entries()) {
    const from = layer.get('f') ?? -1
    const inputs = (Array.isArray(from) ? from : [from]).map(source => {
      const input = source === -1 ? previous : typeof source === 'number' ? outputs[source] : undefined
      if (!input) throw unsupported(`an earlier layer as input of ${layer.path}`, kind(source))
      return input
    })
    if (layer.className === 'Detect') {
      if (index !== layers.length - 1) throw unsupported('Detect as the last layer', layer.path)
      const strides = readStrides(layer)
      return { ...detect(e, layer, inputs, strides), strides }
    }
    if (layer.className === 'Concat') {
      layer.require('d', 1)
      previous = e.concat(inputs)
    } else {
      if (inputs.length !== 1) throw unsupported(`one input at ${layer.path}`, `${inputs.length}`)
      previous = e.emit(layer, inputs[0]!)
    }
    outputs.push(previous)
  }
  throw unsupported('a model that ends in Detect', layers.at(-1)?.className ?? 'no layers')
}

/** The pickled network inside a checkpoint: the averaged weights (`ema`) where training left both. */
export function findNetwork (checkpoint: unknown): PickledObject {
  const entries = checkpoint instanceof Map ? checkpoint : new Map()
  const network = [entries.get('ema'), entries.get('model'), checkpoint].find(value => value instanceof PickledObject)
  if (!network) throw unsupported('an Ultralytics checkpoint with its network', entries.size > 0 ? `the entries ${[...entries.keys()].slice(0, 5).join(', ').slice(0, 120)}` : 'another object')
  if (network.className !== 'ultralytics.nn.tasks.DetectionModel') throw unsupported('a DetectionModel', network.className)
  return network
}

/**
 * @param checkpoint what an Ultralytics `.pt` holds, with the tensors of its network loaded
 * @returns an ONNX file: `images` [n, 3, h, w] RGB 0..1, h and w multiples of the largest stride -> `output0` [n, 4 + classes, anchors]
 * @throws ConvertError `unsupported_model` for other tasks, unknown layers and shapes that do not fit
 */
export function convertDetection (checkpoint: unknown, metadata: Record<string, string>): Uint8Array {
  const model = new Module(findNetwork(checkpoint), '')
  const graph = new Graph('detection')
  graph.input('images', ['batch', 3, 'height', 'width'])
  const layers = model.child('model').children()
  const { name, classes, strides } = emitModel(new Emitter(graph), layers)
  const labels = readLabels(model, classes)
  graph.output(name, 'output0', ['batch', 4 + classes, 'anchors'])
  return graph.encode({
    ...metadata,
    task: 'detect',
    stride: String(Math.max(...strides)),
    imgsz: `[${readImageSize(checkpoint instanceof Map ? checkpoint : new Map()).join(', ')}]`,
    names: formatLabels(labels)
  })
}
