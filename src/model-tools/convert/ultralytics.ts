/**
 * Ultralytics detection checkpoints (YOLOv8, YOLO11 and what is built of the same layers): from the pickled module
 * graph to ONNX with a dynamic batch and image size.
 */
import { Graph } from './graph.ts'
import { formatLabels } from './inspect.ts'
import { PickledObject } from './pickle-machine.ts'
import { Tensor } from './tensors.ts'
import { detect } from './ultralytics-head.ts'
import { Emitter, type Feature } from './ultralytics-layers.ts'
import { kind, Module, unsupported } from './ultralytics-module.ts'

/** Class names by index. */
function readLabels (model: Module, classes: number): string[] {
  const names = model.get('names')
  const list = names instanceof Map
    ? Array.from({ length: classes }, (_, i) => names.get(i))
    : Array.isArray(names)
      ? names
      : []
  const size = names instanceof Map ? names.size : list.length
  if (size !== classes || !list.every(name => typeof name === 'string')) { throw unsupported(`the names of ${classes} classes`, `${size} entries`) }
  return list
}

function readStrides (head: Module): number[] {
  const stride = head.get('stride')
  if (!(stride instanceof Tensor) || stride.shape.length !== 1 || stride.length > 8) { throw unsupported('a stride for each map', kind(stride)) }
  const strides = [...stride.floats()]
  if (!strides.every(value => Number.isInteger(value) && value > 0 && value <= 1024)) { throw unsupported('strides in whole pixels', strides.join(', ')) }
  return strides
}

/** The training image size, [height, width]; Ultralytics' default where the checkpoint does not say. */
function readImageSize (checkpoint: Map<unknown, unknown>): [number, number] {
  const args = checkpoint.get('train_args')
  const imgsz = args instanceof Map ? args.get('imgsz') : undefined
  const sizes = (Array.isArray(imgsz) ? imgsz : [imgsz]).filter((size): size is number => Number.isInteger(size) &&
    (size as number) > 0)
  return [sizes[0] ?? 640, sizes[1] ?? sizes[0] ?? 640]
}

/** The layers of a model in order: `f` says whose outputs a layer takes, -1 being the layer before. */
function emitModel (e: Emitter, layers: Module[]): { name: string, classes: number, strides: number[] } {
  const outputs: Feature[] = []
  let previous: Feature = { name: 'images', channels: 3 }
  for (const [index, layer] of layers.entries()) {
    const from = layer.get('f') ?? -1
    const inputs = (Array.isArray(from) ? from : [from]).map(source => {
      const input = source === -1 ? previous : typeof source === 'number' ? outputs[source] : undefined
      if (!input) throw unsupported(`an earlier layer as input of ${layer.path}`, kind(source))
      return input
    })
    if (layer.className === 'Detect') {
      if (index !== layers.length - 1) throw unsupported('Detect as the last layer', layer.path)
      const strides = readStrides(layer)
      return { ...detect(e, layer, inputs, strides), strides }
    }
    if (layer.className === 'Concat') {
      layer.require('d', 1)
      previous = e.concat(inputs)
    } else {
      if (inputs.length !== 1) throw unsupported(`one input at ${layer.path}`, `${inputs.length}`)
      previous = e.emit(layer, inputs[0]!)
    }
    outputs.push(previous)
  }
  throw unsupported('a model that ends in Detect', layers.at(-1)?.className ?? 'no layers')
}

/** The pickled network inside a checkpoint: the averaged weights (`ema`) where training left both. */
export function findNetwork (checkpoint: unknown): PickledObject {
  const entries = checkpoint instanceof Map ? checkpoint : new Map()
  const network = [entries.get('ema'), entries.get('model'), checkpoint].find(value => value instanceof PickledObject)
  if (!network) {
    throw unsupported(
      'an Ultralytics checkpoint with its network',
      entries.size > 0 ? `the entries ${[...entries.keys()].slice(0, 5).join(', ').slice(0, 120)}` : 'another object'
    )
  }
  if (network.className !== 'ultralytics.nn.tasks.DetectionModel') { throw unsupported('a DetectionModel', network.className) }
  return network
}

/**
 * @param checkpoint what an Ultralytics `.pt` holds, with the tensors of its network loaded
 * @returns an ONNX file: `images` [n, 3, h, w] RGB 0..1, h and w multiples of the largest stride ->
 *   `output0` [n, 4 + classes, anchors]
 * @throws ConvertError `unsupported_model` for other tasks, unknown layers and shapes that do not fit
 */
export function convertDetection (checkpoint: unknown, metadata: Record<string, string>): Uint8Array {
  const model = new Module(findNetwork(checkpoint), '')
  const graph = new Graph('detection')
  graph.input('images', ['batch', 3, 'height', 'width'])
  const layers = model.child('model').children()
  const { name, classes, strides } = emitModel(new Emitter(graph), layers)
  const labels = readLabels(model, classes)
  graph.output(name, 'output0', ['batch', 4 + classes, 'anchors'])
  return graph.encode({
    ...metadata,
    task: 'detect',
    stride: String(Math.max(...strides)),
    imgsz: `[${readImageSize(checkpoint instanceof Map ? checkpoint : new Map()).join(', ')}]`,
    names: formatLabels(labels)
  })
}
