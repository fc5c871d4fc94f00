/**
 * The arithmetic of 8-bit linear quantisation: real = scale x (quantised - zero point). Activations are uint8 with one
 * scale and zero point a tensor, weights int8 around 0 with one scale for each output channel, biases int32 in units of
 * both scales' product: the layout of onnxruntime's quantised kernels (onnx/docs/Operators.md: QuantizeLinear).
 */

export interface Range { min: number, max: number }

export interface Quantiser { scale: number, zeroPoint: number }

const largestByte = 255

/** A scale that keeps quotients finite where every value is 0. */
const leastScale = 1e-12

/** Covers `range`, and 0 exactly: padding and the zero of a Relu must not move. */
export function activationQuantiser ({ min, max }: Range): Quantiser {
  const low = Math.min(min, 0)
  const high = Math.max(max, 0)
  const scale = Math.max(Math.fround((high - low) / largestByte), leastScale)
  return { scale, zeroPoint: Math.min(largestByte, Math.max(0, Math.round(-low / scale))) }
}

/** Weights that reach `largest` or less: 127, or 64 for processors whose sums of two products saturate at 16 bits. */
export interface QuantisedWeights {
  values: Int8Array
  /** One for each channel. */
  scales: Float32Array
}

/** How many neighbouring weights belong to one channel, and after how many the channels start again. */
export interface Channels { count: number, each: number }

/** Channel c owns the weights i with floor(i / each) mod count = c. */
export function quantiseWeights (
  weights: Float32Array,
  { count, each }: Channels,
  largest: number,
  leastScales?: Float32Array
): QuantisedWeights {
  const scales = new Float32Array(count)
  const channel = (i: number): number => Math.floor(i / each) % count
  for (let i = 0; i < weights.length; i++) scales[channel(i)] = Math.max(scales[channel(i)]!, Math.abs(weights[i]!))
  for (let c = 0; c < count; c++) scales[c] = Math.max(scales[c]! / largest, leastScales?.[c] ?? 0, leastScale)
  const values = new Int8Array(weights.length)
  for (let i = 0; i < weights.length; i++) {
    values[i] = Math.max(
      -largest,
      Math.min(largest, Math.round(weights[i]! / scales[channel(i)]!))
    )
  }
  return { values, scales }
}

/** Half of what an int32 holds, so that a bias leaves room for the sum of products. */
const largestBias = 2 ** 30

/** The least weight scales at which every bias fits: a channel of nearly zero weights would make its bias overflow. */
export function leastWeightScales (bias: Float32Array, inputScale: number): Float32Array {
  return bias.map(value => Math.abs(value) / largestBias / inputScale)
}

/** In units of input scale x weight scale. */
export function quantiseBias (bias: Float32Array, inputScale: number, weightScales: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, c) => Math.round(value / (inputScale * weightScales[c]!)))
}
