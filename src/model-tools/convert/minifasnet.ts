/**
 * The MiniFASNet family of liveness networks: from a PyTorch state dict to ONNX.
 *
 * Architecture: github.com/minivision-ai/Silent-Face-Anti-Spoofing, src/model_lib/MiniFASNet.py (Apache-2.0).
 */
import { ConvertError } from './errors.ts'
import { type BatchNorm, foldBatchNorm, Graph, type Weights } from './graph.ts'
import { tensorGlobals, Tensor } from './tensors.ts'

/** Channels between the 1x1 convolutions of each bottleneck: what training pruned differently in V1 and V2. */
const widths = {
  V1: { conv_3: [13, 26, 13, 52], conv_4: [154, 52, 26, 52, 26, 26], conv_5: [26, 26] },
  V2: { conv_3: [13, 13, 13, 13], conv_4: [231, 52, 26, 77, 26, 26], conv_5: [26, 26] }
}

/** PyTorch's default, which upstream keeps. */
const epsilon = 1e-5
/** Input side in pixels: four halvings leave the 5 x 5 map that `conv_6_dw` sums up. */
export const inputSize = 80
const finalMap = 5
/** With an embedding of this size upstream leaves out the layer `linear`. */
const flatSize = 512

export type Architecture = 'MiniFASNetV1' | 'MiniFASNetV2' | 'MiniFASNetV1SE' | 'MiniFASNetV2SE'

function unsupported (expected: string, found: string): ConvertError {
  return new ConvertError('unsupported_model', `expected ${expected}, found ${found}`)
}

/** Takes tensors out of a state dict by name, and knows which ones nobody asked for. */
class StateDict {
  readonly #tensors = new Map<string, Tensor>()
  readonly #used = new Set<string>()

  /** @param prefix removed where a name starts with it, and only there */
  constructor (value: unknown, prefix: string) {
    const entries =
      value instanceof Map && value.get('state_dict') instanceof Map
        ? (value.get('state_dict') as Map<unknown, unknown>)
        : value
    if (!(entries instanceof Map) || entries.size === 0) { throw unsupported('a state dict (names and tensors)', 'another object') }
    for (const [name, tensor] of entries) {
      if (typeof name !== 'string' || !(tensor instanceof Tensor)) { throw unsupported('a state dict (names and tensors)', `the entry ${JSON.stringify(String(name).slice(0, 60))}`) }
      this.#tensors.set(name.startsWith(prefix) ? name.slice(prefix.length) : name, tensor)
    }
  }

  has (name: string): boolean { return this.#tensors.has(name) }

  shape (name: string): number[] {
    const tensor = this.#tensors.get(name)
    if (!tensor) throw unsupported(`the tensor ${name} of a MiniFASNet`, 'none')
    return tensor.shape
  }

  floats (name: string, shape: number[]): Float32Array {
    const found = this.shape(name)
    if (found.join() !== shape.join()) { throw unsupported(`${name} of shape [${shape.join(', ')}]`, `[${found.join(', ')}]`) }
    this.#used.add(name)
    return this.#tensors.get(name)!.floats()
  }

  /** A counter of training steps belongs to each batch norm and means nothing afterwards. */
  refuseUnused (): void {
    const extra = [...this.#tensors.keys()].find(
      name => !this.#used.has(name) && !name.endsWith('.num_batches_tracked')
    )
    if (extra !== undefined) { throw unsupported('the tensors of a MiniFASNet and no others', JSON.stringify(extra.slice(0, 80))) }
  }
}

/**
 * Which of the four a state dict belongs to: V1 and V2 differ in widths, SE adds squeeze-and-excitation to each stage.
 */
function recognise (state: StateDict): { architecture: Architecture, version: keyof typeof widths, excite: boolean } {
  const found = widths.V1.conv_3.map((_, i) => state.shape(`conv_3.model.${i}.conv_dw.conv.weight`)[0])
  for (const version of ['V1', 'V2'] as const) {
    if (widths[version].conv_3.join() !== found.join()) continue
    const excite = state.has('conv_3.model.3.se_module.fc1.weight')
    return { architecture: `MiniFASNet${version}${excite ? 'SE' : ''}`, version, excite }
  }
  throw unsupported(
    `conv_3 of ${widths.V1.conv_3.join('-')} (V1) or ${widths.V2.conv_3.join('-')} (V2) channels`,
    found.join('-')
  )
}

class Builder {
  readonly graph: Graph
  readonly state: StateDict

  constructor (graph: Graph, state: StateDict) {
    this.graph = graph
    this.state = state
  }

  norm (name: string, channels: number): BatchNorm {
    const read = (part: string) => this.state.floats(`${name}.${part}`, [channels])
    return {
      scale: read('weight'),
      shift: read('bias'),
      mean: read('running_mean'),
      variance: read('running_var'),
      epsilon
    }
  }

  /** A layer without bias, and the batch norm behind it. */
  normed (layer: string, norm: string, shape: number[]): Weights {
    const plain = { shape, weight: this.state.floats(`${layer}.weight`, shape), bias: new Float32Array(shape[0]!) }
    return foldBatchNorm(plain, this.norm(norm, shape[0]!))
  }

  /** Convolution and batch norm, padded to keep the size (unless `pad` says otherwise). */
  conv (x: string, name: string, shape: number[], { stride = 1, groups = 1, pad = shape[2]! >> 1 } = {}): string {
    return this.graph.conv(x, `${name}.conv`, this.normed(`${name}.conv`, `${name}.bn`, shape), {
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      groups
    })
  }

  prelu (x: string, name: string, channels: number): string {
    const slope = this.state.floats(`${name}.prelu.weight`, [channels])
    return this.graph.op('PRelu', [x, this.graph.floats(slope, [channels, 1, 1], `${name}.prelu.weight`)])
  }

  activated (x: string, name: string, shape: number[], options: { stride?: number, groups?: number } = {}): string {
    return this.prelu(this.conv(x, name, shape, options), name, shape[0]!)
  }

  /** 1x1 to `width` channels, 3x3 on each of them, 1x1 to `outputs`. */
  bottleneck (x: string, name: string, inputs: number, width: number, outputs: number, stride: number): string {
    const wide = this.activated(x, `${name}.conv`, [width, inputs, 1, 1])
    const mixed = this.activated(wide, `${name}.conv_dw`, [width, 1, 3, 3], { stride, groups: width })
    return this.conv(mixed, `${name}.project`, [outputs, width, 1, 1])
  }

  /** Weighs the channels of x [n, c, h, w] by what their means say. */
  excite (x: string, name: string, channels: number): string {
    const squeezed = this.state.shape(`${name}.fc1.weight`)[0] ?? 0
    const point = { strides: [1, 1], pads: [0, 0, 0, 0], groups: 1 }
    const mean = this.graph.op('GlobalAveragePool', [x])
    const less = this.graph.conv(
      mean,
      `${name}.fc1`,
      this.normed(`${name}.fc1`, `${name}.bn1`, [squeezed, channels, 1, 1]),
      point
    )
    const more = this.graph.conv(
      this.graph.op('Relu', [less]),
      `${name}.fc2`,
      this.normed(`${name}.fc2`, `${name}.bn2`, [channels, squeezed, 1, 1]),
      point
    )
    return this.graph.op('Mul', [x, this.graph.op('Sigmoid', [more])])
  }

  stage (x: string, name: string, channels: number, stageWidths: number[], excite: boolean): string {
    return stageWidths.reduce((input, width, i) => {
      const block = `${name}.model.${i}`
      const out = this.bottleneck(input, block, channels, width, channels, 1)
      const last = i === stageWidths.length - 1
      return this.graph.op('Add', [input, excite && last ? this.excite(out, `${block}.se_module`, channels) : out])
    }, x)
  }

  /** Batch norm folded into the layer before it, or into the one behind it where that layer is left out. */
  head (x: string, embedding: number, classes: number): string {
    const { graph, state } = this
    const prob: Weights = {
      shape: [classes, embedding],
      weight: state.floats('prob.weight', [classes, embedding]),
      bias: new Float32Array(classes)
    }
    if (embedding !== flatSize) { return graph.linear(graph.linear(x, 'linear', this.normed('linear', 'bn', [embedding, flatSize])), 'prob', prob) }
    state.floats('linear.weight', [embedding, flatSize])
    const identity = Float32Array.from({ length: flatSize * flatSize }, (_, i) => i % (flatSize + 1) === 0 ? 1 : 0)
    const norm = foldBatchNorm(
      { shape: [flatSize, flatSize], weight: identity, bias: new Float32Array(flatSize) },
      this.norm('bn', flatSize)
    )
    return graph.linear(graph.linear(x, 'bn', norm), 'prob', prob)
  }
}

/**
 * @param value a state dict whose tensors are loaded
 * @returns an ONNX file: `input` [n, 3, 80, 80] BGR 0..255 -> `logits` [n, classes]
 * @throws ConvertError `unsupported_model` for other networks, shapes or extra tensors
 */
export function convertMiniFasNet (value: unknown, metadata: Record<string, string>): Uint8Array {
  const state = new StateDict(value, 'module.')
  const { architecture, version, excite } = recognise(state)
  const graph = new Graph(architecture)
  const b = new Builder(graph, state)
  graph.input('input', ['n', 3, inputSize, inputSize])

  let x = b.activated('input', 'conv1', [32, 3, 3, 3], { stride: 2 })
  x = b.activated(x, 'conv2_dw', [32, 1, 3, 3], { groups: 32 })
  x = b.bottleneck(x, 'conv_23', 32, 103, 64, 2)
  x = b.stage(x, 'conv_3', 64, widths[version].conv_3, excite)
  x = b.bottleneck(x, 'conv_34', 64, 231, 128, 2)
  x = b.stage(x, 'conv_4', 128, widths[version].conv_4, excite)
  x = b.bottleneck(x, 'conv_45', 128, 308, 128, 2)
  x = b.stage(x, 'conv_5', 128, widths[version].conv_5, excite)
  x = b.activated(x, 'conv_6_sep', [flatSize, 128, 1, 1])
  x = b.conv(x, 'conv_6_dw', [flatSize, 1, finalMap, finalMap], { groups: flatSize, pad: 0 })
  x = graph.op('Flatten', [x])

  const [classes = 0, embedding = 0] = state.shape('prob.weight')
  graph.output(b.head(x, embedding, classes), 'logits', ['n', classes])
  state.refuseUnused()
  return graph.encode({ ...metadata, architecture, classes: String(classes) })
}

export const findMiniFasNetGlobal = (name: string) => tensorGlobals.get(name)

/**
 * The crop that upstream writes into a file's name: `2.7_80x80_MiniFASNetV2.pth` means 2.7 times the face box,
 * `4_0_0_80x80_...` means 4.
 *
 * @returns null where the name says nothing, or `org` (the whole photo)
 */
export function cropScale (fileName: string): number | null {
  const match = /^(\d+(?:\.\d+)?)_(?:\w+_)?\d+x\d+_/.exec(fileName)
  const scale = match ? Number(match[1]) : 0
  return scale > 0 ? scale : null
}
