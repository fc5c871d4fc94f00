/**
 * Builds Ultralytics detection checkpoints from the published model tables (cfg/models/v8/yolov8.yaml, 11/yolo11.yaml)
 * and the documented layout of `nn.Module` pickles.
 */
import { Call, Float, Instance, OrderedDict, Tuple } from './pickle-writer.ts'
import { rounded, TorchFile, type Precision } from './torch-file.ts'

export interface StateEntry { shape: number[], values: Float32Array }

export interface YoloOptions {
  family: 'v8' | '11'
  scale: 'n' | 's' | 'm' | 'l' | 'x'
  labels: string[]
  /** The folded convolution (weight and bias of conv + batch norm) at a path such as `model.0.conv`. */
  weights: (path: string, shape: number[]) => { weight: Float32Array; bias: Float32Array }
  /**
   * Statistics of the batch norm behind a convolution, four numbers for each channel; absent: layers are saved fused.
   */
  norm?: (path: string, channels: number) => Record<'weight' | 'bias' | 'running_mean' | 'running_var', Float32Array>
  precision?: Precision
}

/** depth, width, largest channel count */
const scales = {
  v8: { n: [1 / 3, 0.25, 1024], s: [1 / 3, 0.5, 1024], m: [2 / 3, 0.75, 768], l: [1, 1, 512], x: [1, 1.25, 512] },
  11: { n: [0.5, 0.25, 1024], s: [0.5, 0.5, 1024], m: [0.5, 1, 512], l: [1, 1, 512], x: [1, 1.5, 512] }
}

type Row = [
  from: number | number[],
  repeats: number,
  type: string,
  channels: number,
  option?: number | boolean,
  ratio?: number
]

const tables: Record<'v8' | '11', Row[]> = {
  v8: [
    [-1, 1, 'Conv', 64],
    [-1, 1, 'Conv', 128],
    [-1, 3, 'C2f', 128, true],
    [-1, 1, 'Conv', 256],
    [-1, 6, 'C2f', 256, true],
    [-1, 1, 'Conv', 512],
    [-1, 6, 'C2f', 512, true],
    [-1, 1, 'Conv', 1024],
    [-1, 3, 'C2f', 1024, true],
    [-1, 1, 'SPPF', 1024],
    [-1, 1, 'Upsample', 0],
    [[-1, 6], 1, 'Concat', 0],
    [-1, 3, 'C2f', 512],
    [-1, 1, 'Upsample', 0],
    [[-1, 4], 1, 'Concat', 0],
    [-1, 3, 'C2f', 256],
    [-1, 1, 'Conv', 256],
    [[-1, 12], 1, 'Concat', 0],
    [-1, 3, 'C2f', 512],
    [-1, 1, 'Conv', 512],
    [[-1, 9], 1, 'Concat', 0],
    [-1, 3, 'C2f', 1024],
    [[15, 18, 21], 1, 'Detect', 0]
  ],
  11: [
    [-1, 1, 'Conv', 64],
    [-1, 1, 'Conv', 128],
    [-1, 2, 'C3k2', 256, false, 0.25],
    [-1, 1, 'Conv', 256],
    [-1, 2, 'C3k2', 512, false, 0.25],
    [-1, 1, 'Conv', 512],
    [-1, 2, 'C3k2', 512, true],
    [-1, 1, 'Conv', 1024],
    [-1, 2, 'C3k2', 1024, true],
    [-1, 1, 'SPPF', 1024],
    [-1, 2, 'C2PSA', 1024],
    [-1, 1, 'Upsample', 0],
    [[-1, 6], 1, 'Concat', 0],
    [-1, 2, 'C3k2', 512, false],
    [-1, 1, 'Upsample', 0],
    [[-1, 4], 1, 'Concat', 0],
    [-1, 2, 'C3k2', 256, false],
    [-1, 1, 'Conv', 256],
    [[-1, 13], 1, 'Concat', 0],
    [-1, 2, 'C3k2', 512, false],
    [-1, 1, 'Conv', 512],
    [[-1, 10], 1, 'Concat', 0],
    [-1, 2, 'C3k2', 1024, true],
    [[16, 19, 22], 1, 'Detect', 0]
  ]
}

const normEpsilon = 1e-3
const bins = 16
const block = 'ultralytics.nn.modules.block'
const convs = 'ultralytics.nn.modules.conv'

type Attributes = Record<string, unknown>

export class YoloCheckpoint {
  readonly file = new TorchFile()
  /** Every tensor by its state-dict name, as a reader of the file sees it. */
  readonly state = new Map<string, StateEntry>()
  readonly options: YoloOptions
  readonly network: Instance

  constructor (options: YoloOptions) {
    this.options = options
    this.network = this.#network()
  }

  get parameterCount (): number {
    let count = 0
    for (const [name, { values }] of this.state) if (!name.includes('running_')) count += values.length
    return count
  }

  /** The dictionary that training saves, with the network under `model` or under `ema`. */
  saved (under: 'model' | 'ema' = 'model', network: unknown = this.network): Map<string, unknown> {
    return new Map<string, unknown>([
      ['date', '2025-01-01T00:00:00'],
      ['version', '8.3.0'],
      ['epoch', -1],
      ['best_fitness', null],
      ['model', null],
      ['ema', null],
      [under, network],
      ['updates', null],
      ['optimizer', null],
      [
        'train_args',
        new Map<string, unknown>([
          ['task', 'detect'],
          ['imgsz', 640],
          ['lr0', 0.01]
        ])
      ]
    ])
  }

  zip (): Buffer {
    return this.file.zip(this.saved())
  }

  #tensor (name: string, shape: number[], values: Float32Array): Call {
    const precision = this.options.precision ?? 'Float'
    this.state.set(name, { shape, values: rounded(values, precision) })
    return this.file.tensor(values, shape, precision)
  }

  #module (
    type: string,
    attributes: Attributes,
    children: Record<string, Instance> = {},
    parameters: Record<string, unknown> = {},
    buffers: Record<string, unknown> = {}
  ): Instance {
    return new Instance(
      type,
      new Map<string, unknown>([
        ['training', false],
        ['_parameters', new OrderedDict(Object.entries(parameters))],
        ['_buffers', new OrderedDict(Object.entries(buffers))],
        ['_non_persistent_buffers_set', new Call('__builtin__.set', [])],
        ['_forward_hooks', new OrderedDict()],
        ['_modules', new OrderedDict(Object.entries(children))],
        ...Object.entries(attributes)
      ])
    )
  }

  #list (type: 'ModuleList' | 'Sequential', items: Instance[]): Instance {
    return this.#module(
      `torch.nn.modules.container.${type}`,
      {},
      Object.fromEntries(items.map((item, i) => [String(i), item]))
    )
  }

  #conv2d (
    path: string,
    shape: number[],
    weight: Float32Array,
    bias: Float32Array | null,
    stride: number,
    groups: number
  ): Instance {
    const kernel = shape[2]!
    const pad = kernel >> 1
    return this.#module(
      'torch.nn.modules.conv.Conv2d',
      {
        in_channels: shape[1]! * groups,
        out_channels: shape[0],
        kernel_size: new Tuple(kernel, kernel),
        stride: new Tuple(stride, stride),
        padding: new Tuple(pad, pad),
        dilation: new Tuple(1, 1),
        transposed: false,
        output_padding: new Tuple(0, 0),
        groups,
        padding_mode: 'zeros'
      },
      {},
      {
        weight: this.file.parameter(this.#tensor(`${path}.weight`, shape, weight)),
        bias: bias && this.file.parameter(this.#tensor(`${path}.bias`, [shape[0]!], bias))
      }
    )
  }

  /** A plain convolution with a bias, as at the end of the head. */
  #plain (path: string, inputs: number, outputs: number): Instance {
    const shape = [outputs, inputs, 1, 1]
    const { weight, bias } = this.options.weights(path, shape)
    return this.#conv2d(path, shape, weight, bias, 1, 1)
  }

  #conv (
    path: string,
    inputs: number,
    outputs: number,
    kernel = 1,
    { stride = 1, groups = 1, act = true, type = 'Conv' } = {}
  ): Instance {
    const shape = [outputs, inputs / groups, kernel, kernel]
    const folded = this.options.weights(`${path}.conv`, shape)
    const activation = this.#module(act ? 'torch.nn.modules.activation.SiLU' : 'torch.nn.modules.linear.Identity', {
      inplace: true
    })
    const norm = this.options.norm?.(`${path}.bn`, outputs)
    if (!norm) {
      return this.#module(
        `${convs}.${type}`,
        {},
        { conv: this.#conv2d(`${path}.conv`, shape, folded.weight, folded.bias, stride, groups), act: activation }
      )
    }

    // Undo the folding: weight' = weight * factor, bias' = shift - mean * factor.
    const each = folded.weight.length / outputs
    const factor = norm.weight.map((scale, c) => scale / Math.sqrt(norm.running_var[c]! + normEpsilon))
    const weight = folded.weight.map((value, i) => value / factor[Math.floor(i / each)]!)
    const shift = folded.bias.map((value, c) => value + norm.running_mean[c]! * factor[c]!)
    const tensors = Object.fromEntries(
      Object.entries({ ...norm, bias: shift }).map(([name, values]) => [
        name,
        this.#tensor(`${path}.bn.${name}`, [outputs], values)
      ])
    )
    const bn = this.#module(
      'torch.nn.modules.batchnorm.BatchNorm2d',
      { num_features: outputs, eps: normEpsilon, momentum: 0.03, affine: true, track_running_stats: true },
      {},
      {
        weight: this.file.parameter(tensors.weight!),
        bias: this.file.parameter(tensors.bias!)
      },
      {
        running_mean: tensors.running_mean,
        running_var: tensors.running_var,
        num_batches_tracked: this.file.tensor([0], [], 'Long')
      }
    )
    return this.#module(
      `${convs}.${type}`,
      {},
      { conv: this.#conv2d(`${path}.conv`, shape, weight, null, stride, groups), bn, act: activation }
    )
  }

  #bottleneck (path: string, channels: number, hidden: number, add: boolean): Instance {
    return this.#module(
      `${block}.Bottleneck`,
      { add },
      {
        cv1: this.#conv(`${path}.cv1`, channels, hidden, 3),
        cv2: this.#conv(`${path}.cv2`, hidden, channels, 3)
      }
    )
  }

  #c3k (path: string, channels: number): Instance {
    const hidden = channels / 2
    return this.#module(
      `${block}.C3k`,
      {},
      {
        cv1: this.#conv(`${path}.cv1`, channels, hidden),
        cv2: this.#conv(`${path}.cv2`, channels, hidden),
        cv3: this.#conv(`${path}.cv3`, 2 * hidden, channels),
        m: this.#list(
          'Sequential',
          [0, 1].map(i => this.#bottleneck(`${path}.m.${i}`, hidden, hidden, true))
        )
      }
    )
  }

  #c2f (
    type: string,
    path: string,
    inputs: number,
    outputs: number,
    repeats: number,
    hidden: number,
    inner: (path: string) => Instance
  ): Instance {
    return this.#module(
      `${block}.${type}`,
      { c: hidden },
      {
        cv1: this.#conv(`${path}.cv1`, inputs, 2 * hidden),
        cv2: this.#conv(`${path}.cv2`, (2 + repeats) * hidden, outputs),
        m: this.#list(
          'ModuleList',
          Array.from({ length: repeats }, (_, i) => inner(`${path}.m.${i}`))
        )
      }
    )
  }

  #sppf (path: string, inputs: number, outputs: number): Instance {
    const pool = this.#module('torch.nn.modules.pooling.MaxPool2d', {
      kernel_size: 5,
      stride: 1,
      padding: 2,
      dilation: 1,
      return_indices: false,
      ceil_mode: false
    })
    return this.#module(
      `${block}.SPPF`,
      {},
      {
        cv1: this.#conv(`${path}.cv1`, inputs, inputs / 2),
        cv2: this.#conv(`${path}.cv2`, inputs * 2, outputs),
        m: pool
      }
    )
  }

  #psa (path: string, channels: number): Instance {
    const heads = channels / 64
    const values = 64
    const keys = values / 2
    const attention = this.#module(
      `${block}.Attention`,
      { num_heads: heads, head_dim: values, key_dim: keys, scale: keys ** -0.5 },
      {
        qkv: this.#conv(`${path}.attn.qkv`, channels, channels + 2 * keys * heads, 1, { act: false }),
        proj: this.#conv(`${path}.attn.proj`, channels, channels, 1, { act: false }),
        pe: this.#conv(`${path}.attn.pe`, channels, channels, 3, { groups: channels, act: false })
      }
    )
    const ffn = this.#list('Sequential', [
      this.#conv(`${path}.ffn.0`, channels, channels * 2),
      this.#conv(`${path}.ffn.1`, channels * 2, channels, 1, { act: false })
    ])
    return this.#module(`${block}.PSABlock`, { add: true }, { attn: attention, ffn })
  }

  #c2psa (path: string, channels: number, repeats: number): Instance {
    const hidden = channels / 2
    return this.#module(
      `${block}.C2PSA`,
      { c: hidden },
      {
        cv1: this.#conv(`${path}.cv1`, channels, 2 * hidden),
        cv2: this.#conv(`${path}.cv2`, 2 * hidden, channels),
        m: this.#list(
          'Sequential',
          Array.from({ length: repeats }, (_, i) => this.#psa(`${path}.m.${i}`, hidden))
        )
      }
    )
  }

  /** Class branch of the head: two full convolutions in v8, two depthwise pairs in 11. */
  #classBranch (path: string, inputs: number, hidden: number): Instance {
    const last = this.#plain(`${path}.2`, hidden, this.options.labels.length)
    const depthwise = (at: string, from: number) =>
      this.#list('Sequential', [
        this.#conv(`${at}.0`, from, from, 3, { groups: from, type: 'DWConv' }),
        this.#conv(`${at}.1`, from, hidden)
      ])
    return this.#list(
      'Sequential',
      this.options.family === 'v8'
        ? [this.#conv(`${path}.0`, inputs, hidden, 3), this.#conv(`${path}.1`, hidden, hidden, 3), last]
        : [depthwise(`${path}.0`, inputs), depthwise(`${path}.1`, hidden), last]
    )
  }

  #detect (path: string, inputs: number[]): Instance {
    const classes = this.options.labels.length
    const boxHidden = Math.max(16, inputs[0]! >> 2, bins * 4)
    const classHidden = Math.max(inputs[0]!, Math.min(classes, 100))
    const steps = this.#tensor(
      `${path}.dfl.conv.weight`,
      [1, bins, 1, 1],
      Float32Array.from({ length: bins }, (_, i) => i)
    )
    const dflConv = this.#module(
      'torch.nn.modules.conv.Conv2d',
      { groups: 1 },
      {},
      { weight: this.file.parameter(steps), bias: null }
    )
    return this.#module(
      'ultralytics.nn.modules.head.Detect',
      {
        nc: classes,
        nl: inputs.length,
        reg_max: bins,
        no: classes + 4 * bins,
        stride: this.file.tensor([8, 16, 32], [3], this.options.precision)
      },
      {
        cv2: this.#list(
          'ModuleList',
          inputs.map((channels, i) =>
            this.#list('Sequential', [
              this.#conv(`${path}.cv2.${i}.0`, channels, boxHidden, 3),
              this.#conv(`${path}.cv2.${i}.1`, boxHidden, boxHidden, 3),
              this.#plain(`${path}.cv2.${i}.2`, boxHidden, 4 * bins)
            ])
          )
        ),
        cv3: this.#list(
          'ModuleList',
          inputs.map((channels, i) => this.#classBranch(`${path}.cv3.${i}`, channels, classHidden))
        ),
        dfl: this.#module(`${block}.DFL`, { c1: bins }, { conv: dflConv })
      }
    )
  }

  #layer (row: Row, path: string, inputs: number[]): { module: Instance; channels: number } {
    const { family, scale } = this.options
    const [depth, width, most] = (scales[family] as typeof scales.v8)[scale] as [number, number, number]
    const [, repeats, type, nominal, option, ratio = 0.5] = row
    const channels = Math.ceil((Math.min(nominal, most) * width) / 8) * 8
    const times = repeats > 1 ? Math.max(Math.round(repeats * depth), 1) : repeats
    const from = inputs[0]!
    switch (type) {
      case 'Conv':
        return { module: this.#conv(path, from, channels, 3, { stride: 2 }), channels }
      case 'C2f': {
        const hidden = channels / 2
        return {
          module: this.#c2f('C2f', path, from, channels, times, hidden, at =>
            this.#bottleneck(at, hidden, hidden, option === true)
          ),
          channels
        }
      }
      case 'C3k2': {
        const hidden = channels * ratio
        const nested = option === true || 'mlx'.includes(scale)
        return {
          module: this.#c2f('C3k2', path, from, channels, times, hidden, at =>
            nested ? this.#c3k(at, hidden) : this.#bottleneck(at, hidden, hidden / 2, true)
          ),
          channels
        }
      }
      case 'SPPF':
        return { module: this.#sppf(path, from, channels), channels }
      case 'C2PSA':
        return { module: this.#c2psa(path, channels, times), channels }
      case 'Upsample':
        return {
          module: this.#module('torch.nn.modules.upsampling.Upsample', {
            size: null,
            scale_factor: new Float(2),
            mode: 'nearest',
            align_corners: null
          }),
          channels: from
        }
      case 'Concat':
        return {
          module: this.#module(`${convs}.Concat`, { d: 1 }),
          channels: inputs.reduce((sum, size) => sum + size, 0)
        }
      default:
        return { module: this.#detect(path, inputs), channels: 0 }
    }
  }

  #network (): Instance {
    const channels: number[] = []
    const layers = tables[this.options.family].map((row, index) => {
      const from = row[0]
      const inputs = [from].flat().map(source => (index === 0 ? 3 : channels.at(source)!))
      const { module, channels: outputs } = this.#layer(row, `model.${index}`, inputs)
      module.state.set('i', index)
      module.state.set('f', from)
      module.state.set('type', module.type.name)
      channels.push(outputs)
      return module
    })
    return this.#module(
      'ultralytics.nn.tasks.DetectionModel',
      {
        names: new Map(this.options.labels.map((label, i) => [i, label])),
        stride: this.file.tensor([8, 16, 32], [3]),
        task: 'detect',
        inplace: true
      },
      { model: this.#list('Sequential', layers) }
    )
  }
}
