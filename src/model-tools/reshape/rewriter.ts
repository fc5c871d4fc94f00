/** What a new input size changes in the graph of an Ultralytics export. */
import { ConvertError } from '../convert/errors.ts'
import type { DimensionProto, NodeProto, TensorProto } from '../../../onnx/schema.ts'
import type { anchors, Size } from './grid.ts'

/** A size in pixels, or an input that is left open. */
export type InputSize = Size | 'any'

/** Where a shape ends in the number of all cells, in those of one level, or in the rows and columns of one level. */
export type SizePart = 'all cells' | { level: number, of: 'cells' | 'rows and columns' }

/** Writes the constants of a size anew. `nodes` and `constants` hold what then computes the ones that were dropped. */
export interface Rewriter {
  /** The new value of a shape that the operator `opType` takes; null: a node gives it from now on. */
  shape (tensor: TensorProto, shape: number[], part: SizePart, opType: string): TensorProto | null
  anchors (tensor: TensorProto, kind: keyof typeof anchors): TensorProto | null
  input: (DimensionProto | undefined)[]
  cells: DimensionProto
  nodes: NodeProto[]
  constants: TensorProto[]
}

/** A shape constant with another value. */
export function withShape ({ int64Data, ...tensor }: TensorProto, shape: number[]): TensorProto {
  return { ...tensor, rawData: new Uint8Array(BigInt64Array.from(shape, BigInt).buffer) }
}

export function unsupported (expected: string, found: string): ConvertError {
  return new ConvertError('unsupported_model', `expected ${expected}, found ${found}`)
}
