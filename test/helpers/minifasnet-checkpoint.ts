/** Random state dicts of the four MiniFASNet networks, from the channel tables of upstream's `keep_dict`. */
import { OrderedDict } from './pickle-writer.ts'
import { centred, random } from './random.ts'
import type { State } from './reference-network.ts'
import type { Precision, TorchFile } from './torch-file.ts'

const keep = {
  V1: [
    32, 32, 103, 103, 64, 13, 13, 64, 26, 26, 64, 13, 13, 64, 52, 52, 64, 231, 231, 128, 154, 154, 128, 52, 52, 128, 26,
    26, 128, 52, 52, 128, 26, 26, 128, 26, 26, 128, 308, 308, 128, 26, 26, 128, 26, 26, 128, 512, 512
  ],
  V2: [
    32, 32, 103, 103, 64, 13, 13, 64, 13, 13, 64, 13, 13, 64, 13, 13, 64, 231, 231, 128, 231, 231, 128, 52, 52, 128, 26,
    26, 128, 77, 77, 128, 26, 26, 128, 26, 26, 128, 308, 308, 128, 26, 26, 128, 26, 26, 128, 512, 512
  ]
}

export function miniFasNetState (
  version: 'V1' | 'V2',
  excite: boolean,
  { classes = 3, seed = 1, embedding = 128 } = {}
): State {
  const next = random(seed)
  const state: State = new Map()
  const channels = keep[version]
  const put = (name: string, shape: number[], value: () => number) => {
    const length = shape.reduce((product, size) => product * size, 1)
    state.set(name, { shape, values: Float32Array.from({ length }, value) })
  }
  const weight = (name: string, shape: number[]) => {
    const deviation = Math.sqrt((1.2 * shape[0]!) / shape.reduce((product, size) => product * size, 1))
    put(`${name}.weight`, shape, () => centred(next) * deviation)
  }
  const norm = (name: string, size: number) => {
    put(`${name}.weight`, [size], () => 0.5 + next())
    put(`${name}.bias`, [size], () => next() - 0.5)
    put(`${name}.running_mean`, [size], () => next() - 0.5)
    put(`${name}.running_var`, [size], () => 0.5 + next())
  }
  const conv = (name: string, shape: number[], activated = true) => {
    weight(`${name}.conv`, shape)
    norm(`${name}.bn`, shape[0]!)
    if (activated) put(`${name}.prelu.weight`, [shape[0]!], () => next() * 0.5)
  }
  const bottleneck = (name: string, at: number) => {
    const [inputs, width, , outputs] = channels.slice(at, at + 4) as [number, number, number, number]
    conv(`${name}.conv`, [width, inputs, 1, 1])
    conv(`${name}.conv_dw`, [width, 1, 3, 3])
    conv(`${name}.project`, [outputs, width, 1, 1], false)
  }
  const stage = (name: string, at: number, blocks: number) => {
    for (let i = 0; i < blocks; i++) bottleneck(`${name}.model.${i}`, at + 3 * i)
    if (!excite) return
    const last = `${name}.model.${blocks - 1}.se_module`
    const size = channels[at]!
    weight(`${last}.fc1`, [size / 4, size, 1, 1])
    norm(`${last}.bn1`, size / 4)
    weight(`${last}.fc2`, [size, size / 4, 1, 1])
    norm(`${last}.bn2`, size)
  }
  conv('conv1', [32, 3, 3, 3])
  conv('conv2_dw', [32, 1, 3, 3])
  bottleneck('conv_23', 1)
  stage('conv_3', 4, 4)
  bottleneck('conv_34', 16)
  stage('conv_4', 19, 6)
  bottleneck('conv_45', 37)
  stage('conv_5', 40, 2)
  conv('conv_6_sep', [512, 128, 1, 1])
  conv('conv_6_dw', [512, 1, 5, 5], false)
  weight('linear', [embedding, 512])
  norm('bn', embedding)
  weight('prob', [classes, embedding])
  return state
}

/** The state dict as upstream's training on several GPUs saves it: every name starts with `module.`. */
export function stateDict (
  file: TorchFile,
  state: State,
  prefix = 'module.',
  precision: Precision = 'Float'
): OrderedDict {
  return new OrderedDict(
    [...state].map(([name, { shape, values }]) => [prefix + name, file.tensor(values, shape, precision)])
  )
}
