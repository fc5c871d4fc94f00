/** What the parts of a decoded ONNX graph hold. */
import type { GraphProto, NodeProto, TensorProto } from '../../../onnx/schema.ts'

/** Constant tensors by name: initializers and the outputs of Constant nodes. */
export function constantsOf ({ initializer = [], node = [] }: GraphProto): Map<string, TensorProto> {
  const nodes = node
    .filter(({ opType }) => opType === 'Constant')
    .map(
      ({ output, attribute = [] }) => [output![0]!, attribute.find(({ name }) => name === 'value')?.t ?? {}] as const
    )
  return new Map([...initializer.map(tensor => [tensor.name ?? '', tensor] as const), ...nodes])
}

export function attributeInt ({ attribute = [] }: NodeProto, name: string, otherwise: number): number {
  return Number(attribute.find(entry => entry.name === name)?.i ?? otherwise)
}

/** The numbers of a float32 tensor. */
export function floatsOf ({ rawData, floatData }: TensorProto): Float32Array {
  return new Float32Array(Uint8Array.from(rawData ?? Buffer.concat(floatData ?? [])).buffer)
}

/** The numbers of an int64 tensor. */
export function integersOf ({ rawData, int64Data }: TensorProto): number[] {
  return Array.from(int64Data ?? new BigInt64Array(Uint8Array.from(rawData ?? []).buffer), Number)
}
