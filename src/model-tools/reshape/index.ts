/**
 * Gives an Ultralytics detection export with a fixed input another input size, or any. The weights do not know the
 * size; the graph holds it in a few constants: anchor points, their strides, and the shapes of the last reshapes. For
 * another size they are rewritten, for any size computed from the input (any-size.ts).
 */
import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { isKept, keep, writeAtomically } from '../convert/cache.ts'
import { ConvertError } from '../convert/errors.ts'
import { floatsOf, integersOf } from '../convert/onnx-graph.ts'
import {
  dataType,
  type DimensionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto
} from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../convert/onnx.ts'
import { withFastExpectations } from '../faster/expectation.ts'
import { anySize } from './any-size.ts'
import { anchors, cells, levels, multiple, type Size } from './grid.ts'
import { otherSize } from './other-size.ts'
import { type InputSize, type SizePart, unsupported } from './rewriter.ts'

export type { InputSize, Size }

/** Raised whenever the same source would give another file, so that old ones are not found again. */
const version = 3

/** Inputs whose value is a shape: operator, and which of its inputs. */
const shapeInputs: Record<string, number> = { Reshape: 1, Expand: 1, Resize: 3 }

/** The first byte of a `value_info` field (number 13, length-delimited) of a graph. */
const valueInfoTag = 13 * 8 + 2

/**
 * Writes `source` with the input size `size` to `target`, whole or not at all.
 * @throws {ConvertError} `unreadable_file`, `malformed_onnx`, or `unsupported_model` when the size is no multiple of
 *   32 or the file no such export
 */
export async function reshapeYolo (source: string, size: InputSize, target: string): Promise<void> {
  await writeAtomically(target, encodeModel(reshaped(await readModel(source), size)))
}

async function readModel (path: string): Promise<ModelProto> {
  return decodeModel(await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ConvertError('unreadable_file', `expected a readable file at ${path}, found none (${cause.code})`, {
      cause
    })
  }))
}

/**
 * The file of `source` (whose bytes have the hash `sha256`) with another input size and box distributions that are read
 * faster; made on the first call.
 */
export async function reshapedYolo (
  source: string,
  sha256: string,
  size: InputSize,
  cacheDir: string
): Promise<string> {
  const name = size === 'any' ? size : `${size.width}x${size.height}`
  const path = join(cacheDir, `${basename(source, extname(source))}.${sha256.slice(0, 16)}.${name}.r${version}.onnx`)
  if (!await isKept(path)) {
    await keep(path, encodeModel(withFastExpectations(reshaped(await readModel(source), size))))
  }
  return path
}

/** The model with the input size `size`. Shares what stays the same with `model`, which is not changed. */
export function reshaped (model: ModelProto, size: InputSize): ModelProto {
  const graph = model.graph!
  const before = inputSize(graph)
  const rewriter = size === 'any' ? anySize(graph.input![0]!.name!) : otherSize(size)
  const shapes = shapeConstants(graph)
  const found = { points: 0, strides: 0 }

  const change = (tensor: TensorProto): TensorProto | null => {
    const opType = shapes.get(tensor.name ?? '')
    if (tensor.dataType === dataType.int64 && opType !== undefined) {
      const shape = integersOf(tensor)
      const part = sizePart(shape, before)
      return part === null ? tensor : rewriter.shape(tensor, shape, part, opType)
    }
    if (tensor.dataType !== dataType.float || tensor.dims?.at(-1) !== cells(before)) return tensor
    for (const [name, values] of Object.entries(anchors)) {
      if (!equal(floatsOf(tensor), values(before))) continue
      const kind = name as keyof typeof anchors
      found[kind]++
      return rewriter.anchors(tensor, kind)
    }
    throw unsupported('anchor points and strides of the levels 8, 16 and 32', `other numbers in ${tensor.name}`)
  }
  const changeNode = (node: NodeProto): NodeProto[] => {
    const value = node.attribute?.find(({ t }) => t !== undefined)?.t
    if (node.opType !== 'Constant' || value === undefined) return [node]
    const changed = change({ ...value, name: node.output?.[0] ?? '' })
    return changed === null
      ? []
      : [{
          ...node,
          attribute: node.attribute!.map(attribute => attribute.t === undefined
            ? attribute
            : { ...attribute, t: changed })
        }]
  }

  const initializer = (graph.initializer ?? []).flatMap(tensor => change(tensor) ?? [])
  const node = (graph.node ?? []).flatMap(changeNode)
  if (found.points === 0 || found.strides === 0) { throw unsupported('constant anchor points and strides, as Ultralytics exports them with a fixed input', 'none') }
  const reshapedGraph: GraphProto = {
    ...graph,
    initializer: [...initializer, ...rewriter.constants],
    // They depend on the input alone, and nodes stand in the order of their work.
    node: [...rewriter.nodes, ...node],
    input: graph.input!.map(value => withDimensions(value, () => rewriter.input)),
    output: (graph.output ?? []).map(value => withDimensions(
      value,
      axes => axes.map(({ dimValue }) => dimValue === cells(before) ? rewriter.cells : undefined)
    )),
    // Shapes of what lies between: onnxruntime derives them by itself.
    unknown: (graph.unknown ?? []).filter(field => field[0] !== valueInfoTag)
  }
  return {
    ...model,
    graph: reshapedGraph,
    metadataProps: (model.metadataProps ?? []).map(entry =>
      entry.key === 'imgsz' && size !== 'any' ? { ...entry, value: `[${size.height}, ${size.width}]` } : entry
    )
  }
}

function inputSize ({ input }: GraphProto): Size {
  const dimensions = dimensionsOf(input?.[0] ?? {})
  const [, channels, height, width] = dimensions
  if (input?.length !== 1 ||
    channels !== 3 ||
    height === undefined ||
    width === undefined ||
    height % multiple !== 0 ||
    width % multiple !== 0) {
    throw unsupported(
      `one input [1, 3, height, width] of a fixed size in multiples of ${multiple}`,
      `[${dimensions.map(length => length ?? 'any').join(', ')}]`
    )
  }
  return { width, height }
}

/** Names of the constants that give an operator a shape, with the operator. */
function shapeConstants ({ node }: GraphProto): Map<string, string> {
  return new Map((node ?? []).flatMap(({ opType = '', input }) => {
    const name = input?.[shapeInputs[opType] ?? -1]
    return name === undefined ? [] : [[name, opType]]
  }))
}

function sizePart (shape: number[], before: Size): SizePart | null {
  const last = shape.length - 1
  const old = levels(before)
  if (shape[last] === cells(before)) return 'all cells'
  const map = old.findIndex(({ rows, columns }) => last >= 2 && shape[last - 1] === rows && shape[last] === columns)
  if (map >= 0) return { level: map, of: 'rows and columns' }
  const level = old.findIndex(({ rows, columns }) => last >= 2 && shape[last] === rows * columns)
  return level >= 0 ? { level, of: 'cells' } : null
}

function dimensionsOf ({ type }: ValueInfoProto): (number | undefined)[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => dimValue)
}

/** The value with other axes; undefined keeps one as it is. */
function withDimensions (
  value: ValueInfoProto,
  change: (axes: DimensionProto[]) => (DimensionProto | undefined)[]
): ValueInfoProto {
  const shape = value.type?.tensorType?.shape
  const axes = shape?.dim ?? []
  const changed = change(axes)
  return {
    ...value,
    type: {
      ...value.type,
      tensorType: { ...value.type?.tensorType, shape: { ...shape, dim: axes.map((axis, i) => changed[i] ?? axis) } }
    }
  }
}

function equal (a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
