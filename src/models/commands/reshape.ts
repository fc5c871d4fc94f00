import { extname, resolve } from 'node:path'
import { reshapeYolo } from '../reshape.ts'
import { type Command, onlyArgument, UsageError } from './command.ts'

const usage = 'reshape FILE --size WIDTHxHEIGHT [--out FILE.onnx]'

export const reshape: Command = {
  usage,
  summary: 'gives a fixed Ultralytics export (.onnx) another input size, in multiples of 32',
  options: { size: { type: 'string' }, out: { type: 'string' } },
  async run (args, values) {
    const path = onlyArgument(args, usage)
    const [, width, height] = /^(\d+)x(\d+)$/.exec(String(values.size)) ?? []
    if (width === undefined || height === undefined) throw new UsageError(`--size takes WIDTHxHEIGHT, for example 640x480; found ${values.size ?? 'nothing'}`)
    const size = { width: Number(width), height: Number(height) }
    const target = resolve(values.out as string | undefined ?? `${path.slice(0, path.length - extname(path).length)}-${values.size}.onnx`)
    await reshapeYolo(path, size, target)
    return { data: { source: resolve(path), path: target, ...size }, text: `${target}\nUse it with YOLO_MODEL_PATH=${target}. The service does this by itself for the sizes that YOLO_IMGSZ asks for.` }
  }
}
