/**
 * A network that shows whether this processor multiplies 8-bit integers exactly. Without VNNI, AMX or dot products the
 * sum of two products of uint8 and int8 is kept in 16 bits and stops at 32,767; here all products are the largest ones.
 */
import { dataType, type ModelProto, type TensorProto } from '../../../onnx/schema.ts'
import { encodeModel } from '../convert/onnx.ts'
import { quantised } from './graph.ts'
import { planOf } from './plan.ts'

/**
 * Channels and side of the input, which holds ones. The answer is `channels` everywhere; about half of it where sums
 * overflow.
 */
export const exactness = { channels: 64, side: 16 }

export function exactnessModel (): Uint8Array {
  const { channels, side } = exactness
  const dim = [1, channels, side, side].map(dimValue => ({ dimValue }))
  const model: ModelProto = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'exactness',
      node: [
        { opType: 'Conv', name: 'sum', input: ['input', 'ones'], output: ['sums'] },
        { opType: 'Conv', name: 'mean', input: ['sums', 'shares'], output: ['output'] }
      ],
      initializer: [weights('ones', channels, channels, 1), weights('shares', 1, channels, 1 / channels)],
      input: [{ name: 'input', type: { tensorType: { elemType: dataType.float, shape: { dim } } } }],
      output: [
        {
          name: 'output',
          type: { tensorType: { elemType: dataType.float, shape: { dim: dim.with(1, { dimValue: 1 }) } } }
        }
      ]
    }
  }
  const ranges = new Map([['input', { min: 0, max: 1 }], ['sums', { min: 0, max: channels }]])
  return encodeModel(quantised(model, planOf(model.graph!), ranges, { largestWeight: 127 }))
}

function weights (name: string, outputs: number, inputs: number, value: number): TensorProto {
  return {
    name,
    dims: [outputs, inputs, 1, 1],
    dataType: dataType.float,
    rawData: new Uint8Array(new Float32Array(outputs * inputs).fill(value).buffer)
  }
}
