/**
 * Gives an Ultralytics detection export with a fixed input another input size. The weights do not know the size; the
 * graph holds it in a few constants: anchor points, their strides, and the shapes of the last reshapes.
 */
import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { exists, writeAtomically } from './convert/cache.ts'
import { ConvertError } from './convert/errors.ts'
import { dataType, decodeModel, encodeModel, type GraphProto, type ModelProto, type TensorProto, type ValueInfoProto } from './convert/onnx.ts'

export interface Size { width: number, height: number }

/** Pixels between the cells of the three detection levels (Ultralytics P3 to P5). */
const strides = [8, 16, 32]
const multiple = 32

/** Raised whenever the same source would give another file, so that old ones are not found again. */
const version = 1

/** Inputs whose value is a shape: operator, and which of its inputs. */
const shapeInputs: Record<string, number> = { Reshape: 1, Expand: 1, Resize: 3 }

/** The first byte of a `value_info` field (number 13, length-delimited) of a graph. */
const valueInfoTag = 13 * 8 + 2

/**
 * Writes `source` with the input size `size` to `target`, whole or not at all.
 * @throws {ConvertError} `unreadable_file`, `malformed_onnx`, or `unsupported_model` when the size is no multiple of 32 or
 *   the file no such export
 */
export async function reshapeYolo (source: string, size: Size, target: string): Promise<void> {
  const bytes = await readFile(source).catch((cause: NodeJS.ErrnoException) => {
    throw new ConvertError('unreadable_file', `expected a readable file at ${source}, found none (${cause.code})`, { cause })
  })
  await writeAtomically(target, encodeModel(reshaped(decodeModel(bytes), size)))
}

/** The file of `source` (whose bytes have the hash `sha256`) with another input size; made on the first call. */
export async function reshapedYolo (source: string, sha256: string, size: Size, cacheDir: string): Promise<string> {
  const path = join(cacheDir, `${basename(source, extname(source))}.${sha256.slice(0, 16)}.${size.width}x${size.height}.r${version}.onnx`)
  if (!await exists(path)) await reshapeYolo(source, size, path)
  return path
}

/** The model with the input size `size`. Shares what stays the same with `model`, which is not changed. */
export function reshaped (model: ModelProto, size: Size): ModelProto {
  if (size.width % multiple !== 0 || size.height % multiple !== 0 || size.width <= 0 || size.height <= 0) {
    throw unsupported(`a size in multiples of ${multiple}`, `${size.width} x ${size.height}`)
  }
  const graph = model.graph!
  const before = inputSize(graph)
  const shapes = shapeConstants(graph)
  const found = { points: 0, strides: 0 }

  const change = (tensor: TensorProto): TensorProto => {
    if (tensor.dataType === dataType.int64 && shapes.has(tensor.name ?? '')) return changeShape(tensor, before, size)
    if (tensor.dataType !== dataType.float || tensor.dims?.at(-1) !== cells(before)) return tensor
    for (const [name, values] of Object.entries(anchors)) {
      if (!equal(floats(tensor), values(before))) continue
      found[name as keyof typeof found]++
      const dims = [...tensor.dims.slice(0, -1), cells(size)]
      return { ...tensor, dims, rawData: new Uint8Array(values(size).buffer) }
    }
    throw unsupported('anchor points and strides of the levels 8, 16 and 32', `other numbers in ${tensor.name}`)
  }

  const reshapedGraph: GraphProto = {
    ...graph,
    initializer: (graph.initializer ?? []).map(change),
    node: (graph.node ?? []).map(node => node.opType !== 'Constant'
      ? node
      : { ...node, attribute: (node.attribute ?? []).map(attribute => attribute.t === undefined ? attribute : { ...attribute, t: { ...change({ ...attribute.t, name: node.output?.[0] ?? '' }) } }) }),
    input: (graph.input ?? []).map(value => withDimensions(value, [undefined, undefined, size.height, size.width])),
    output: (graph.output ?? []).map(value => withDimensions(value, (dimensionsOf(value)).map(length => length === cells(before) ? cells(size) : undefined))),
    // Shapes of what lies between: onnxruntime derives them by itself.
    unknown: (graph.unknown ?? []).filter(field => field[0] !== valueInfoTag)
  }
  if (found.points === 0 || found.strides === 0) throw unsupported('constant anchor points and strides, as Ultralytics exports them with a fixed input', 'none')
  return {
    ...model,
    graph: reshapedGraph,
    metadataProps: (model.metadataProps ?? []).map(entry => entry.key === 'imgsz' ? { ...entry, value: `[${size.height}, ${size.width}]` } : entry)
  }
}

/** Cells of all levels, row by row: `points` are their centres, all x before all y; `strides` the stride of each. */
const anchors: Record<'points' | 'strides', (size: Size) => Float32Array<ArrayBuffer>> = {
  points (size) {
    const count = cells(size)
    const points = new Float32Array(2 * count)
    let at = 0
    for (const { rows, columns } of levels(size)) {
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++, at++) {
          points[at] = x + 0.5
          points[count + at] = y + 0.5
        }
      }
    }
    return points
  },
  strides: size => Float32Array.from(levels(size).flatMap(({ stride, rows, columns }) => Array.from({ length: rows * columns }, () => stride)))
}

function levels ({ width, height }: Size): { stride: number, rows: number, columns: number }[] {
  return strides.map(stride => ({ stride, rows: height / stride, columns: width / stride }))
}

function cells (size: Size): number {
  return levels(size).reduce((sum, { rows, columns }) => sum + rows * columns, 0)
}

function inputSize ({ input }: GraphProto): Size {
  const dimensions = dimensionsOf(input?.[0] ?? {})
  const [, channels, height, width] = dimensions
  if (input?.length !== 1 || channels !== 3 || height === undefined || width === undefined || height % multiple !== 0 || width % multiple !== 0) {
    throw unsupported('one input [1, 3, height, width] of fixed size', `[${dimensions.map(length => length ?? 'any').join(', ')}]`)
  }
  return { width, height }
}

/** Names of the constants that tell an operator a shape. */
function shapeConstants ({ node }: GraphProto): Set<string> {
  return new Set((node ?? []).flatMap(({ opType, input }) => input?.[shapeInputs[opType ?? ''] ?? -1] ?? []))
}

/** A shape ends in the number of all cells, in those of one level, or in the rows and columns of one level. */
function changeShape (tensor: TensorProto, before: Size, after: Size): TensorProto {
  const shape = integers(tensor)
  const last = shape.length - 1
  const old = levels(before)
  const row = old.findIndex(({ rows, columns }) => last >= 2 && shape[last - 1] === rows && shape[last] === columns)
  const level = old.findIndex(({ rows, columns }) => shape[last] === rows * columns)
  if (shape[last] === cells(before)) shape[last] = cells(after)
  else if (row >= 0) shape.splice(last - 1, 2, levels(after)[row]!.rows, levels(after)[row]!.columns)
  else if (level >= 0 && last >= 2) shape[last] = levels(after)[level]!.rows * levels(after)[level]!.columns
  else return tensor
  const { int64Data, ...rest } = tensor
  return { ...rest, rawData: new Uint8Array(BigInt64Array.from(shape, BigInt).buffer) }
}

function dimensionsOf ({ type }: ValueInfoProto): (number | undefined)[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => dimValue)
}

/** The value with other lengths; undefined keeps an axis as it is. */
function withDimensions (value: ValueInfoProto, lengths: (number | undefined)[]): ValueInfoProto {
  const shape = value.type?.tensorType?.shape
  const dim = (shape?.dim ?? []).map((axis, i) => lengths[i] === undefined ? axis : { dimValue: lengths[i] })
  return { ...value, type: { ...value.type, tensorType: { ...value.type?.tensorType, shape: { ...shape, dim } } } }
}

function floats ({ rawData }: TensorProto): Float32Array {
  return new Float32Array(Uint8Array.from(rawData ?? []).buffer)
}

function integers ({ rawData, int64Data }: TensorProto): number[] {
  return Array.from(int64Data ?? new BigInt64Array(Uint8Array.from(rawData ?? []).buffer), Number)
}

function equal (a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

function unsupported (expected: string, found: string): ConvertError {
  return new ConvertError('unsupported_model', `expected ${expected}, found ${found}`)
}
