/** ONNX files of one or two nodes, for what a model declares rather than what it knows. */
import { writeFileSync } from 'node:fs'
import { encodeModel } from '../../src/model-tools/convert/onnx.ts'
import type { NodeProto, TensorProto, ValueInfoProto } from '../../onnx/schema.ts'

/** A size, a name for an open one, or null for one that is left out. */
export type Axes = (number | string | null)[]

const elementTypes = { float32: 1, uint8: 2, float16: 10 }
type ElementType = keyof typeof elementTypes

function value (name: string, axes: Axes, type: ElementType = 'float32'): ValueInfoProto {
  const dim = axes.map(axis => axis === null ? {} : typeof axis === 'string' ? { dimParam: axis } : { dimValue: axis })
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } }
}

export interface TinyModel {
  input?: Axes
  inputType?: ElementType
  outputs: Record<string, Axes>
  metadata?: Record<string, string>
  nodes?: NodeProto[]
  initializers?: TensorProto[]
}

/** Bytes of a model; without nodes it declares its outputs only, and cannot be run. */
export function tinyOnnx ({
  input = [1, 3, 640, 640],
  inputType = 'float32',
  outputs,
  metadata = {},
  nodes = [],
  initializers = []
}: TinyModel): Uint8Array {
  return encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'tiny',
      node: nodes,
      initializer: initializers,
      input: [value('images', input, inputType)],
      output: Object.entries(outputs).map(([name, axes]) => value(name, axes, inputType))
    },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value }))
  })
}

export function writeTinyOnnx (path: string, model: TinyModel): string {
  writeFileSync(path, tinyOnnx(model))
  return path
}
