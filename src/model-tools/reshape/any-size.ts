/**
 * Nodes that compute what an Ultralytics export with a fixed input holds as constants, so that one file takes any input
 * size: for each detection level the rows and columns, from them the centres and strides of its cells. They touch a few
 * thousand numbers, beside the billions of products of the network.
 */
import { attributeType, dataType, type AttributeProto, type NodeProto, type TensorProto } from '../../../onnx/schema.ts'
import { strides } from './grid.ts'
import { type Rewriter, unsupported, withShape } from './rewriter.ts'

/** No export names a value like this. */
const prefix = 'grid/'

/** @param input name of the graph's input [1, 3, height, width] */
export function anySize (input: string): Rewriter {
  const nodes: NodeProto[] = []
  const constants: TensorProto[] = []
  const newName = (): string => `${prefix}${nodes.length + constants.length}`
  const op = (opType: string, inputs: string[], attribute: AttributeProto[] = [], name = newName()): string => {
    nodes.push({ opType, name, input: inputs, output: [name], attribute })
    return name
  }
  const constant = (tensor: Omit<TensorProto, 'name'>): string => {
    const name = newName()
    constants.push({ ...tensor, name })
    return name
  }
  const integer = (value: number): string => constant(int64([value], []))
  const integers = (values: number[]): string => constant(int64(values))
  const float = (value: number): string => constant(float32(value))
  const concat = (parts: string[]): string => op('Concat', parts, [{ name: 'axis', type: attributeType.int, i: 0n }])

  const size = op('Slice', [op('Shape', [input]), integers([2]), integers([4])])
  const oneLine = integers([-1])
  const levels = strides.map(stride => {
    const rowsAndColumns = op('Div', [size, integer(stride)])
    const ones = op(
      'ConstantOfShape',
      [rowsAndColumns],
      [{ name: 'value', type: attributeType.tensor, t: { ...float32(1), dims: [1] } }]
    )
    // Counting the ones along an axis numbers the cells from 1; their centres lie half a cell before.
    const centres = (axis: number): string =>
      op('Reshape', [op('Sub', [op('CumSum', [ones, integer(axis)]), float(0.5)]), oneLine])
    return {
      rowsAndColumns,
      x: centres(1),
      y: centres(0),
      strides: op('Reshape', [op('Mul', [ones, float(stride)]), oneLine])
    }
  })
  const lines = {
    points: concat([...levels.map(({ x }) => x), ...levels.map(({ y }) => y)]),
    strides: concat(levels.map(({ strides }) => strides))
  }

  return {
    shape (tensor, shape, part, opType) {
      const before = shape.slice(0, -1)
      if (part !== 'all cells' && part.of === 'rows and columns') {
        concat([integers(shape.slice(0, -2)), levels[part.level]!.rowsAndColumns])
        nodes.at(-1)!.output = [tensor.name!]
        return null
      }
      // Reshape works out one length by itself.
      if (opType !== 'Reshape' || before.includes(-1)) { throw unsupported('reshapes that leave one length open', `${opType} to [${shape.join(', ')}]`) }
      return withShape(tensor, [...before, -1])
    },
    anchors (tensor, kind) {
      op('Reshape', [lines[kind], integers([...tensor.dims!.slice(0, -1), -1])], [], tensor.name)
      return null
    },
    input: [undefined, undefined, { dimParam: 'height' }, { dimParam: 'width' }],
    cells: { dimParam: 'cells' },
    nodes,
    constants
  }
}

function int64 (values: number[], dims = [values.length]): TensorProto {
  return { dims, dataType: dataType.int64, rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) }
}

function float32 (value: number): TensorProto {
  return { dims: [], dataType: dataType.float, rawData: new Uint8Array(Float32Array.of(value).buffer) }
}
