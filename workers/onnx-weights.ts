/**
 * Takes denormal numbers out of a model's weights. A processor computes with them up to a hundred times slower than
 * with others; training leaves whole channels of them behind (fr_feature: 59 ms a face with them, 8 ms without).
 * onnxruntime's own switch (`session.set_denormal_as_zero`) works only in the first thread of a process that opens a
 * session.
 */
import { type Field, ProtobufError, readFields, readSize } from '../onnx/protobuf.ts'
import { dataType, fieldNumbers } from '../onnx/schema.ts'
import { ModelError } from './model-error.ts'

const model = fieldNumbers('Model')
const graph = fieldNumbers('Graph')
const tensor = fieldNumbers('Tensor')

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
  try {
    for (const part of readFields(bytes)) {
      if (part.number !== model['graph']) continue
      for (const field of readFields(bytes, part.start, part.end)) {
        if (field.number === graph['initializer'] && !flushTensor(bytes, field)) return false
      }
    }
    return true
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw new ModelError(
      'model_unreadable',
      'Expected an ONNX model, but the file is damaged or of another kind. Install the model again.'
    )
  }
}

function flushTensor (bytes: Uint8Array, { start, end }: Field): boolean {
  let type = 0
  const data: Field[] = []
  for (const field of readFields(bytes, start, end)) {
    if (field.number === tensor['dataType']) type = readSize(bytes, field.start, field.end).value
    else if (field.number === tensor['dataLocation'] && readSize(bytes, field.start, field.end).value !== 0) return false
    else if (field.number === tensor['rawData'] || field.number === tensor['floatData']) data.push(field)
  }
  if (type !== dataType.float) return true
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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
