/** Recognises the kind of detector in an ONNX file by the shapes of its input and outputs and by its metadata. */
import { ConvertError } from './convert/errors.ts'
import type { OnnxInfo, OnnxValue } from './convert/index.ts'
import type { ObjectDetectorModel, PixelInput } from '../models/manifest.ts'

export interface DetectorLayout {
  format: ObjectDetectorModel['format']
  labels: string[]
  input: PixelInput
  /** Whether the file leaves width and height open. */
  dynamic: boolean
}

/** Ultralytics and YOLOv5 feed 0..1, YOLOX the pixels themselves in OpenCV's order of channels. */
const pixels = {
  ultralytics: { channels: 'RGB' as const, mean: 0, std: 255 },
  yolox: { channels: 'BGR' as const, mean: 0, std: 1 }
}

/** Cells over all strides; large models have a fourth one (P6). */
const stridesOf = [[8, 16, 32], [8, 16, 32, 64]]
/** YOLOv5 has three boxes in each cell. */
const yolov5Boxes = 3
/** End-to-end models return at most so many boxes (Ultralytics: 300). */
const mostFinalBoxes = 1000

const otherTasks: Record<string, string> = {
  segment: 'segmentation model (boxes and masks)',
  classify: 'classification model (labels for the whole photo, no boxes)',
  pose: 'pose model (boxes and key points)',
  obb: 'model of rotated boxes'
}

function refuse (found: string): ConvertError {
  return new ConvertError(
    'unsupported_model',
    `expected a detection model (YOLOv5, YOLOv8 to v12, YOLOX, or one that ends with its own suppression), found ${found}`
  )
}

/**
 * @param side width and height in pixels for a model that leaves them open
 * @param ownLabels class names for a file that has none
 * @throws ConvertError `unsupported_model` with what was found, in one sentence
 */
export function recogniseDetector (
  info: OnnxInfo,
  { side, ownLabels }: { side: number, ownLabels?: string[] | undefined }
): DetectorLayout {
  const task = info.metadata.task
  if (task !== undefined && task !== 'detect') { throw refuse(`a ${otherTasks[task] ?? `model for ${JSON.stringify(task.slice(0, 40))}`}`) }
  const { width, height, dynamic } = inputOf(info, side)
  const [boxes, ...others] = info.outputs
  const shape = boxes?.shape
  if (shape?.length === 2 && info.outputs.length === 1) { throw refuse(`the output [${shape.join(', ')}], as of a ${otherTasks.classify}`) }
  if (others.some(output => output.shape?.length === 4)) throw refuse(`outputs as of a ${otherTasks.segment}`)
  // Early YOLOv5 exports give the raw heads, of five axes, beside the result.
  if (boxes === undefined || shape?.length !== 3 || others.some(output => output.shape?.length !== 5)) { throw refuse(`the outputs ${shapes(info.outputs)}`) }

  const labels = info.labels ?? ownLabels
  const { format, classes } = formatOf(boxes, { width, height, dynamic }, info, labels)
  if (labels === undefined) {
    throw refuse(
      'no class names in it (metadata "names"); put them into a text file beside it, one a line, with the same name and the ending .txt'
    )
  }
  if (classes !== null && classes !== labels.length) {
    throw refuse(
      classes > labels.length
        ? `${classes - labels.length} values for each box beyond its ${labels.length} classes, as pose and segmentation models have`
        : `${labels.length} labels for ${classes} classes`
    )
  }
  return {
    format,
    labels,
    dynamic,
    input: { width, height, ...(format === 'yolox' ? pixels.yolox : pixels.ultralytics) }
  }
}

function inputOf ({ inputs }: OnnxInfo, side: number): { width: number, height: number, dynamic: boolean } {
  const [input] = inputs
  const [, channels, height, width] = input?.shape ?? []
  const fits = inputs.length === 1 && input?.shape?.length === 4 && (channels === 3 || typeof channels !== 'number')
  if (!fits || !['float32', 'float16'].includes(input.type)) {
    throw refuse(
      `the inputs ${inputs.map(({ name, type, shape }) => `${name} ${type} [${shape?.map(axis => axis ?? '?').join(', ')}]`).join(', ') || 'none'} instead of one float32 or float16 [n, 3, height, width]`
    )
  }
  if (typeof height === 'number' && typeof width === 'number') return { width, height, dynamic: false }
  const whole = Math.ceil(side / 32) * 32
  return {
    width: typeof width === 'number' ? width : whole,
    height: typeof height === 'number' ? height : whole,
    dynamic: true
  }
}

function formatOf (
  output: OnnxValue,
  size: { width: number; height: number; dynamic: boolean },
  { metadata }: OnnxInfo,
  labels: string[] | undefined
): { format: ObjectDetectorModel['format']; classes: number | null } {
  const [, first, last] = output.shape!.map(axis => (typeof axis === 'number' ? axis : null)) as [
    unknown,
    number | null,
    number | null
  ]
  const cells = size.dynamic
    ? []
    : stridesOf.map(strides =>
      strides.reduce((sum, stride) => sum + Math.floor(size.width / stride) * Math.floor(size.height / stride), 0)
    )
  const suppressed = /true/i.test(metadata.end2end ?? '') || /'nms': True/.test(metadata.args ?? '')

  if (last !== null && last >= 6 && first !== null) {
    if (cells.includes(first)) return { format: 'yolox', classes: last - 5 }
    if (cells.includes(first / yolov5Boxes)) return { format: 'yolov5', classes: last - 5 }
    if (last === 6 && first <= mostFinalBoxes) return { format: 'end-to-end', classes: null }
  }
  if (first !== null && first >= 5 && (last === null || first < last)) return { format: 'yolov8', classes: first - 4 }
  if (first === null && last !== null) {
    // One class makes YOLOv5 as wide as an end-to-end model.
    if (last === 6 && (suppressed || (labels !== undefined && labels.length > 1))) { return { format: 'end-to-end', classes: null } }
    if (metadata.stride !== undefined && last >= 6) return { format: 'yolov5', classes: last - 5 }
  }
  throw refuse(
    `the output ${shapes([output])} for an input of ${size.dynamic ? 'open size; export it with a fixed one' : `${size.width} x ${size.height}`}, which is no known layout`
  )
}

function shapes (outputs: OnnxValue[]): string {
  return (
    outputs
      .map(({ name, shape }) => `${name} [${shape === null ? 'no shape' : shape.map(axis => axis ?? '?').join(', ')}]`)
      .join(', ') || 'none'
  )
}
