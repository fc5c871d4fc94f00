/** Another fixed input size: the constants with other numbers. */
import { anchors, cells, levels, multiple, type Size } from './grid.ts'
import { type Rewriter, unsupported, withShape } from './rewriter.ts'

/** @throws {ConvertError} `unsupported_model` when the size is no multiple of 32 */
export function otherSize (after: Size): Rewriter {
  if (after.width % multiple !== 0 || after.height % multiple !== 0 || after.width <= 0 || after.height <= 0) {
    throw unsupported(`a size in multiples of ${multiple}`, `${after.width} x ${after.height}`)
  }
  return {
    shape (tensor, shape, part) {
      if (part === 'all cells') return withShape(tensor, [...shape.slice(0, -1), cells(after)])
      const { rows, columns } = levels(after)[part.level]!
      return withShape(
        tensor,
        part.of === 'cells' ? [...shape.slice(0, -1), rows * columns] : [...shape.slice(0, -2), rows, columns]
      )
    },
    anchors: (tensor, kind) => ({
      ...tensor,
      dims: [...tensor.dims!.slice(0, -1), cells(after)],
      rawData: new Uint8Array(anchors[kind](after).buffer)
    }),
    input: [undefined, undefined, { dimValue: after.height }, { dimValue: after.width }],
    cells: { dimValue: cells(after) },
    nodes: [],
    constants: []
  }
}
