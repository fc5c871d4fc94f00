/**
 * The detection head of YOLOv8 and YOLO11 as ONNX nodes.
 *
 * Head: github.com/ultralytics/ultralytics, nn/modules/head.py; decoding: utils/tal.py (AGPL-3.0).
 */
import type { Graph } from './graph.ts'
import type { Emitter, Feature } from './ultralytics-layers.ts'
import { type Module, unsupported } from './ultralytics-module.ts'

/** Cell centres of a map [n, c, h, w] in cells: x and y, each [h * w], row by row. */
function cellCentres (graph: Graph, map: string): { x: string, y: string, cells: string } {
  const size = graph.op('Shape', [map], { start: 2 })
  const [height, width] = graph.node('Split', [size, graph.ints([1, 1])], { axis: 0 }, 2) as [string, string]
  const centres = (count: string) => {
    const steps = graph.op('Range', [
      graph.scalar(0),
      graph.op('Squeeze', [graph.op('Cast', [count], { to: 1 })]),
      graph.scalar(1)
    ])
    return graph.op('Add', [steps, graph.scalar(0.5)])
  }
  const flat = (grid: string) => graph.op('Reshape', [graph.op('Expand', [grid, size]), graph.ints([-1])])
  return {
    x: flat(centres(width)),
    y: flat(graph.op('Unsqueeze', [centres(height), graph.ints([1])])),
    cells: graph.op('Mul', [height, width])
  }
}

/**
 * The head: for each cell of each map four distributions over distances (left, top, right, bottom, in cells) and one
 * score for each class, decoded to [n, 4 + classes, anchors]: centre x, centre y, width, height in input pixels,
 * probabilities.
 */
export function detect (
  e: Emitter,
  module: Module,
  maps: Feature[],
  strides: number[]
): { name: string, classes: number } {
  const { graph } = e
  if (module.has('one2one_cv2')) throw unsupported('a Detect head whose boxes need NMS', 'an end-to-end one')
  module.require('xyxy', false, undefined)
  const classes = module.count('nc')
  const bins = module.count('reg_max')
  if (bins < 2 || maps.length !== strides.length) {
    throw unsupported(
      'a Detect head with DFL and one stride for each map',
      `${bins} bins, ${maps.length} maps, ${strides.length} strides`
    )
  }

  const boxes: string[] = []
  const scores: string[] = []
  const grid: { x: string, y: string, stride: string }[] = []
  maps.forEach((map, i) => {
    const box = e.emit(module.child('cv2').child(String(i)), map)
    const score = e.emit(module.child('cv3').child(String(i)), map)
    if (box.channels !== 4 * bins || score.channels !== classes) {
      throw unsupported(
        `${4 * bins} box and ${classes} class channels at ${module.path}`,
        `${box.channels} and ${score.channels}`
      )
    }
    boxes.push(graph.op('Reshape', [box.name, graph.ints([0, 4, bins, -1])]))
    scores.push(graph.op('Reshape', [score.name, graph.ints([0, classes, -1])]))
    const { x, y, cells } = cellCentres(graph, map.name)
    grid.push({ x, y, stride: graph.op('Expand', [graph.floats([strides[i]!], [1]), cells]) })
  })

  const distribution = graph.op('Softmax', [graph.op('Concat', boxes, { axis: 3 })], { axis: 2 })
  const steps = module.child('dfl').child('conv').weight(4)
  if (steps.values.length !== bins) throw unsupported(`${bins} DFL weights`, `${steps.values.length}`)
  const weighed = graph.op('Mul', [distribution, graph.floats(steps.values, [1, 1, bins, 1])])
  const distances = graph.op('ReduceSum', [weighed, graph.ints([2])], { keepdims: 0 })
  const [near, far] = graph.node('Split', [distances, graph.ints([2, 2])], { axis: 1 }, 2) as [string, string]

  const row = (part: 'x' | 'y' | 'stride') =>
    graph.op('Unsqueeze', [
      graph.op(
        'Concat',
        grid.map(level => level[part]),
        { axis: 0 }
      ),
      graph.ints([0])
    ])
  const anchors = graph.op('Concat', [row('x'), row('y')], { axis: 0 })
  const start = graph.op('Sub', [anchors, near])
  const end = graph.op('Add', [anchors, far])
  const centre = graph.op('Div', [graph.op('Add', [start, end]), graph.scalar(2)])
  const pixels = graph.op('Mul', [
    graph.op('Concat', [centre, graph.op('Sub', [end, start])], { axis: 1 }),
    row('stride')
  ])
  const probabilities = graph.op('Sigmoid', [graph.op('Concat', scores, { axis: 2 })])
  return { name: graph.op('Concat', [pixels, probabilities], { axis: 1 }), classes }
}
