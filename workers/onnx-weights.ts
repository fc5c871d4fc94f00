/**
 * Takes denormal numbers out of a model's weights. A processor computes with them up to a hundred times slower than
 * with others; training leaves whole channels of them behind (fr_feature: 59 ms a face with them, 8 ms without).
 * onnxruntime's own switch (`session.set_denormal_as_zero`) works only in the first thread of a process that opens a
 * session.
 */
import { ModelError } from './model-error.ts'

// Field numbers and values of onnx.proto3.
const model = { graph: 7 }
const graph = { initializer: 5 }
const tensor = { dataType: 2, floatData: 4, rawData: 9, dataLocation: 14 }
const float32 = 1

/**
 * A weight smaller than this share of the largest one in its tensor counts as zero. Zeroing the denormal ones alone
 * (below 1.2e-38) is not enough: a channel of weights near 1e-20 still makes denormal activations layers later. A
 * 32-bit sum keeps 6e-8 of its largest term, so the outputs stay the same to the last bit (all starter models,
 * measured).
 */
const negligible = 1e-15

/**
 * Sets negligible weights of an ONNX file in memory to zero, in place.
 * @returns false when weights lie outside the file, so that onnxruntime has to open it by its path
 * @throws {ModelError} `model_unreadable` when the bytes are no protobuf message
 */
export function flushNegligibleWeights (bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const part of fields(view, 0, bytes.length)) {
    if (part.number !== model.graph || part.start === part.end) continue
    for (const { number, start, end } of fields(view, part.start, part.end)) {
      if (number === graph.initializer && !flushTensor(view, start, end)) return false
    }
  }
  return true
}

function flushTensor (view: DataView, start: number, end: number): boolean {
  let type = 0
  const data: Field[] = []
  for (const field of fields(view, start, end)) {
    if (field.number === tensor.dataType) type = field.value
    else if (field.number === tensor.dataLocation && field.value !== 0) return false
    else if (field.number === tensor.rawData || field.number === tensor.floatData) data.push(field)
  }
  if (type !== float32) return true
  let largest = 0
  for (const field of data) {
    for (let at = field.start; at + 4 <= field.end; at += 4) {
      largest = Math.max(
        largest,
        Math.abs(view.getFloat32(at, true))
      )
    }
  }
  for (const field of data) {
    for (let at = field.start; at + 4 <= field.end; at += 4) {
      if (Math.abs(view.getFloat32(at, true)) < largest * negligible) view.setFloat32(at, 0, true)
    }
  }
  return true
}

/** A field of a message: `value` of a number, the bytes from `start` to `end` of anything longer. */
interface Field { number: number, value: number, start: number, end: number }

function * fields (view: DataView, start: number, end: number): Generator<Field> {
  let at = start
  const varint = (): number => {
    let value = 0
    for (let i = 0; i < 10; i++) {
      if (at >= end) throw broken()
      const byte = view.getUint8(at++)
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw broken()
  }
  while (at < end) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    const wireType = tag % 8
    const value = wireType === 0 || wireType === 2 ? varint() : 0
    const length = wireType === 2 ? value : wireType === 1 ? 8 : wireType === 5 ? 4 : 0
    if (wireType > 5 || wireType === 3 || wireType === 4 || at + length > end) throw broken()
    yield { number, value, start: at, end: at + length }
    at += length
  }
}

function broken (): ModelError {
  return new ModelError(
    'model_unreadable',
    'Expected an ONNX model, but the file is damaged or of another kind. Install the model again.'
  )
}
