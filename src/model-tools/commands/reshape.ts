import { extname, resolve } from 'node:path'
import { type InputSize, reshapeYolo } from '../reshape/index.ts'
import { type Command, onlyArgument, UsageError } from './command.ts'

const usage = 'reshape FILE --size WIDTHxHEIGHT|any [--out FILE.onnx]'

export const reshape: Command = {
  usage,
  summary: 'gives a fixed Ultralytics export (.onnx) another input size, in multiples of 32, or leaves it open',
  options: { size: { type: 'string' }, out: { type: 'string' } },
  async run (args, values) {
    const path = onlyArgument(args, usage)
    const size = sizeOf(String(values.size))
    if (size === null) { throw new UsageError(`--size takes WIDTHxHEIGHT, for example 640x480, or any; found ${values.size ?? 'nothing'}`) }
    const target = resolve(
      (values.out as string | undefined) ?? `${path.slice(0, path.length - extname(path).length)}-${values.size}.onnx`
    )
    await reshapeYolo(path, size, target)
    return {
      data: { source: resolve(path), path: target, size },
      text: `${target}\nUse it with YOLO_MODEL_PATH=${target}. The service leaves the size open by itself, so that each photo is seen without an empty rim.`
    }
  }
}

function sizeOf (text: string): InputSize | null {
  if (text === 'any') return text
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? []
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) }
}
