/**
 * The forward passes of MiniFASNet and YOLO11, written a second time and straight from the PyTorch definitions: plain
 * loops over a state dict, batch norms not folded. Slow, and independent of the converter.
 */
import type { StateEntry } from './yolo-checkpoint.ts'

export type State = Map<string, StateEntry>

/** One image's feature map, channel by channel, row by row. */
export interface Feature { channels: number, height: number, width: number, data: Float64Array }

interface Slide { stride?: number, pad?: number, groups?: number }

function tensor (state: State, name: string): StateEntry {
  const entry = state.get(name)
  if (!entry) throw new Error(`no tensor ${name}`)
  return entry
}

export class Network {
  readonly state: State
  readonly epsilon: number

  constructor (state: State, epsilon: number) {
    this.state = state
    this.epsilon = epsilon
  }

  has (prefix: string): boolean { return [...this.state.keys()].some(name => name.startsWith(prefix)) }

  count (prefix: string): number {
    let count = 0
    while (this.has(`${prefix}.${count}.`)) count++
    return count
  }

  conv2d (x: Feature, name: string, { stride = 1, pad = 0, groups = 1 }: Slide): Feature {
    const { shape, values: weight } = tensor(this.state, `${name}.weight`)
    const bias = this.state.get(`${name}.bias`)?.values
    const [outputs, inputs, rows, columns] = shape as [number, number, number, number]
    const height = Math.floor((x.height + 2 * pad - rows) / stride) + 1
    const width = Math.floor((x.width + 2 * pad - columns) / stride) + 1
    const out = new Float64Array(outputs * height * width)
    for (let o = 0; o < outputs; o++) {
      const first = Math.floor(o / (outputs / groups)) * inputs
      for (let i = 0; i < inputs; i++) {
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++) {
            const w = weight[((o * inputs + i) * rows + r) * columns + c]!
            for (let y = 0; y < height; y++) {
              const sourceY = y * stride + r - pad
              if (sourceY < 0 || sourceY >= x.height) continue
              const row = ((first + i) * x.height + sourceY) * x.width
              for (let u = 0; u < width; u++) {
                const sourceX = u * stride + c - pad
                if (sourceX >= 0 && sourceX < x.width) out[(o * height + y) * width + u]! += w * x.data[row + sourceX]!
              }
            }
          }
        }
      }
      if (bias) for (let at = o * height * width; at < (o + 1) * height * width; at++) out[at]! += bias[o]!
    }
    return { channels: outputs, height, width, data: out }
  }

  norm (x: Feature, name: string): Feature {
    const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
      part => tensor(this.state, `${name}.${part}`).values
    ) as [Float32Array, Float32Array, Float32Array, Float32Array]
    return mapChannels(
      x,
      (value, c) => ((value - mean[c]!) / Math.sqrt(variance[c]! + this.epsilon)) * scale[c]! + shift[c]!
    )
  }

  prelu (x: Feature, name: string): Feature {
    const slope = tensor(this.state, `${name}.weight`).values
    return mapChannels(x, (value, c) => value < 0 ? value * slope[c]! : value)
  }

  linear (x: Float64Array, name: string): Float64Array {
    const { shape, values } = tensor(this.state, `${name}.weight`)
    const [outputs, inputs] = shape as [number, number]
    return Float64Array.from({ length: outputs }, (_, o) =>
      x.reduce((sum, value, i) => sum + value * values[o * inputs + i]!, 0)
    )
  }
}

function mapChannels (x: Feature, change: (value: number, channel: number) => number): Feature {
  const size = x.height * x.width
  return { ...x, data: x.data.map((value, i) => change(value, Math.floor(i / size))) }
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))
const silu = (x: Feature) => mapChannels(x, value => value * sigmoid(value))

function add (a: Feature, b: Feature): Feature {
  return { ...a, data: a.data.map((value, i) => value + b.data[i]!) }
}

function concat (...parts: Feature[]): Feature {
  const data = new Float64Array(parts.reduce((sum, part) => sum + part.data.length, 0))
  let offset = 0
  for (const part of parts) {
    data.set(part.data, offset)
    offset += part.data.length
  }
  return { ...parts[0]!, channels: parts.reduce((sum, part) => sum + part.channels, 0), data }
}

function channelRange (x: Feature, from: number, to: number): Feature {
  const size = x.height * x.width
  return { ...x, channels: to - from, data: x.data.slice(from * size, to * size) }
}

function halves (x: Feature): [Feature, Feature] {
  return [channelRange(x, 0, x.channels / 2), channelRange(x, x.channels / 2, x.channels)]
}

function maxPool5 (x: Feature): Feature {
  const out = x.data.slice()
  for (let c = 0; c < x.channels; c++) {
    for (let y = 0; y < x.height; y++) {
      for (let u = 0; u < x.width; u++) {
        let most = -Infinity
        for (let v = Math.max(0, y - 2); v <= Math.min(x.height - 1, y + 2); v++) {
          for (let w = Math.max(0, u - 2); w <= Math.min(x.width - 1, u + 2); w++) {
            most = Math.max(most, x.data[(c * x.height + v) * x.width + w]!)
          }
        }
        out[(c * x.height + y) * x.width + u] = most
      }
    }
  }
  return { ...x, data: out }
}

function upsample2 (x: Feature): Feature {
  const height = x.height * 2
  const width = x.width * 2
  const data = Float64Array.from({ length: x.channels * height * width }, (_, i) => {
    const u = i % width
    const y = Math.floor(i / width) % height
    return x.data[(Math.floor(i / width / height) * x.height + (y >> 1)) * x.width + (u >> 1)]!
  })
  return { ...x, height, width, data }
}

/** MiniFASNet: x is 80 x 80 BGR 0..255; returns the logits. */
export function miniFasNet (net: Network, input: Feature): Float64Array {
  const linear = (x: Feature, name: string, slide: Slide) =>
    net.norm(net.conv2d(x, `${name}.conv`, slide), `${name}.bn`)
  const conv = (x: Feature, name: string, slide: Slide) => net.prelu(linear(x, name, slide), `${name}.prelu`)
  const depthWise = (x: Feature, name: string, stride: number) => {
    const wide = conv(x, `${name}.conv`, {})
    return linear(conv(wide, `${name}.conv_dw`, { stride, pad: 1, groups: wide.channels }), `${name}.project`, {})
  }
  const excite = (x: Feature, name: string) => {
    const size = x.height * x.width
    const mean: Feature = {
      channels: x.channels,
      height: 1,
      width: 1,
      data: Float64Array.from(
        { length: x.channels },
        (_, c) => x.data.slice(c * size, (c + 1) * size).reduce((sum, value) => sum + value, 0) / size
      )
    }
    const less = mapChannels(net.norm(net.conv2d(mean, `${name}.fc1`, {}), `${name}.bn1`), value => Math.max(0, value))
    const more = net.norm(net.conv2d(less, `${name}.fc2`, {}), `${name}.bn2`)
    return mapChannels(x, (value, c) => value * sigmoid(more.data[c]!))
  }
  const residual = (x: Feature, name: string) => {
    for (let i = 0; i < net.count(`${name}.model`); i++) {
      const block = `${name}.model.${i}`
      const out = depthWise(x, block, 1)
      x = add(x, net.has(`${block}.se_module.`) ? excite(out, `${block}.se_module`) : out)
    }
    return x
  }

  let x = conv(input, 'conv1', { stride: 2, pad: 1 })
  x = conv(x, 'conv2_dw', { pad: 1, groups: x.channels })
  x = residual(depthWise(x, 'conv_23', 2), 'conv_3')
  x = residual(depthWise(x, 'conv_34', 2), 'conv_4')
  x = residual(depthWise(x, 'conv_45', 2), 'conv_5')
  x = conv(x, 'conv_6_sep', {})
  x = linear(x, 'conv_6_dw', { groups: x.channels })
  // With an embedding of 512 numbers upstream does not use the layer `linear`.
  const embedded = tensor(net.state, 'linear.weight').shape[0] === 512 ? x.data : net.linear(x.data, 'linear')
  return net.linear(net.norm({ channels: embedded.length, height: 1, width: 1, data: embedded }, 'bn').data, 'prob')
}

/** YOLO11 of any size; returns [4 + classes, anchors] row by row. */
export function yolo11 (net: Network, input: Feature): Float64Array {
  const conv = (x: Feature, name: string, { act = true, ...slide }: Slide & { act?: boolean } = {}) => {
    const kernel = tensor(net.state, `${name}.conv.weight`).shape[2]!
    const out = net.norm(net.conv2d(x, `${name}.conv`, { pad: kernel >> 1, ...slide }), `${name}.bn`)
    return act ? silu(out) : out
  }
  const bottleneck = (x: Feature, name: string) => add(x, conv(conv(x, `${name}.cv1`), `${name}.cv2`))
  const c3k = (x: Feature, name: string) => {
    let deep = conv(x, `${name}.cv1`)
    for (let i = 0; i < net.count(`${name}.m`); i++) deep = bottleneck(deep, `${name}.m.${i}`)
    return conv(concat(deep, conv(x, `${name}.cv2`)), `${name}.cv3`)
  }
  const c3k2 = (x: Feature, name: string) => {
    const steps: Feature[] = halves(conv(x, `${name}.cv1`))
    for (let i = 0; i < net.count(`${name}.m`); i++) {
      const at = `${name}.m.${i}`
      steps.push(net.has(`${at}.cv3.`) ? c3k(steps.at(-1)!, at) : bottleneck(steps.at(-1)!, at))
    }
    return conv(concat(...steps), `${name}.cv2`)
  }
  const sppf = (x: Feature, name: string) => {
    const steps = [conv(x, `${name}.cv1`)]
    for (let i = 0; i < 3; i++) steps.push(maxPool5(steps.at(-1)!))
    return conv(concat(...steps), `${name}.cv2`)
  }
  const attention = (x: Feature, name: string) => {
    const size = x.height * x.width
    const qkv = conv(x, `${name}.qkv`, { act: false })
    const values: Feature = { ...x, data: new Float64Array(x.data.length) }
    const seen: Feature = { ...x, data: new Float64Array(x.data.length) }
    for (let head = 0; head < x.channels / 64; head++) {
      const at = (part: number, channel: number, position: number) =>
        qkv.data[(head * 128 + part + channel) * size + position]!
      for (let i = 0; i < size; i++) {
        const scores = Float64Array.from({ length: size }, (_, j) => {
          let sum = 0
          for (let c = 0; c < 32; c++) sum += at(0, c, i) * at(32, c, j)
          return sum / Math.sqrt(32)
        })
        const most = Math.max(...scores)
        const weights = scores.map(score => Math.exp(score - most))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        for (let c = 0; c < 64; c++) {
          values.data[(head * 64 + c) * size + i] = at(64, c, i)
          seen.data[(head * 64 + c) * size + i] =
            weights.reduce((sum, weight, j) => sum + weight * at(64, c, j), 0) / total
        }
      }
    }
    return conv(add(seen, conv(values, `${name}.pe`, { act: false, groups: x.channels })), `${name}.proj`, {
      act: false
    })
  }
  const c2psa = (x: Feature, name: string) => {
    const [kept, half] = halves(conv(x, `${name}.cv1`))
    let b = half
    for (let i = 0; i < net.count(`${name}.m`); i++) {
      const at = `${name}.m.${i}`
      b = add(b, attention(b, `${at}.attn`))
      b = add(b, conv(conv(b, `${at}.ffn.0`), `${at}.ffn.1`, { act: false }))
    }
    return conv(concat(kept, b), `${name}.cv2`)
  }
  const down = (x: Feature, name: string) => conv(x, name, { stride: 2 })

  const p3 = c3k2(down(c3k2(down(down(input, 'model.0'), 'model.1'), 'model.2'), 'model.3'), 'model.4')
  const p4 = c3k2(down(p3, 'model.5'), 'model.6')
  const p5 = c2psa(sppf(c3k2(down(p4, 'model.7'), 'model.8'), 'model.9'), 'model.10')
  const n4 = c3k2(concat(upsample2(p5), p4), 'model.13')
  const out3 = c3k2(concat(upsample2(n4), p3), 'model.16')
  const out4 = c3k2(concat(down(out3, 'model.17'), n4), 'model.19')
  const out5 = c3k2(concat(down(out4, 'model.20'), p5), 'model.22')

  const columns: number[][] = []
  for (const [level, x] of [out3, out4, out5].entries()) {
    const box = net.conv2d(
      conv(conv(x, `model.23.cv2.${level}.0`), `model.23.cv2.${level}.1`),
      `model.23.cv2.${level}.2`,
      {}
    )
    let score = x
    for (const step of [0, 1]) {
      score = conv(
        conv(score, `model.23.cv3.${level}.${step}.0`, { groups: score.channels }),
        `model.23.cv3.${level}.${step}.1`
      )
    }
    score = net.conv2d(score, `model.23.cv3.${level}.2`, {})
    const stride = 8 << level
    const size = x.height * x.width
    for (let i = 0; i < size; i++) {
      const [left, top, right, bottom] = [0, 1, 2, 3].map(side => {
        const weights = Array.from({ length: 16 }, (_, bin) => Math.exp(box.data[(side * 16 + bin) * size + i]!))
        return (
          weights.reduce((sum, weight, bin) => sum + weight * bin, 0) / weights.reduce((sum, weight) => sum + weight, 0)
        )
      }) as [number, number, number, number]
      const centreX = i % x.width + 0.5
      const centreY = Math.floor(i / x.width) + 0.5
      columns.push([
        (centreX + (right - left) / 2) * stride,
        (centreY + (bottom - top) / 2) * stride,
        (left + right) * stride,
        (top + bottom) * stride,
        ...Array.from({ length: score.channels }, (_, c) => sigmoid(score.data[c * size + i]!))
      ])
    }
  }
  return Float64Array.from(
    { length: columns.length * columns[0]!.length },
    (_, at) => columns[at % columns.length]![Math.floor(at / columns.length)]!
  )
}
