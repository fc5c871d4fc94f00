import { copyFile, rename } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { readDetector } from '../../models/choose-detector.ts'
import { conversionsDir } from '../../models/choose-liveness.ts'
import { convertedPath, convertLiveness, ConvertError, convertYolo, recordHash } from '../convert/index.ts'
import { exportWith, runners } from '../ultralytics-export.ts'
import { type Command, type Context, onlyArgument, UsageError } from './command.ts'

/** Ways to convert: the native reader runs nothing of the file, the others are the official export. */
const ways = ['native', ...Object.keys(runners)]

const usage = `convert FILE [--with ${ways.join('|')}] [--out FILE.onnx]`

export const convert: Command = {
  usage,
  summary:
    'turns PyTorch weights (.pt, .pth) into ONNX; native (the default) runs no code of the file, every other way does',
  options: { with: { type: 'string', default: 'native' }, out: { type: 'string' } },
  async run (args, values, context) {
    const path = onlyArgument(args, usage)
    const how = values.with as string
    if (!ways.includes(how)) throw new UsageError(`--with takes ${ways.join(', ')}; found ${how}`)
    const { by, converted, facts } = await convertFile(path, how, context)
    const out = values.out as string | undefined
    if (out !== undefined) await copyFile(converted, out)
    const result = resolve(out ?? converted)
    const setting = facts.labels === undefined ? 'LIVENESS_MODEL_PTH' : 'YOLO_MODEL_PATH'
    return {
      data: { source: resolve(path), path: result, by, ...facts },
      text: [
        `${result} (converted by ${by})`,
        ...Object.entries(facts).map(
          ([name, value]) => `  ${name}: ${Array.isArray(value) ? value.join(', ') : value}`
        ),
        `Use it with ${setting}=${path}`
      ].join('\n')
    }
  }
}

function native (cached: boolean): string {
  return cached ? 'an earlier run' : 'this project'
}

interface Outcome {
  by: string
  /** The ONNX file. */
  converted: string
  facts: { labels?: string[], architecture?: string }
}

/** What the native reader refuses is never handed to a way that runs code: that way has to be asked for by name. */
async function convertFile (path: string, how: string, { config }: Context): Promise<Outcome> {
  const detectors = conversionsDir(config.MODELS_DIR, 'detectors')
  if (how !== 'native') return await exported(path, how, detectors)
  const liveness = async (): Promise<Outcome> => {
    const {
      path: converted,
      cached,
      architecture
    } = await convertLiveness(path, conversionsDir(config.MODELS_DIR, 'liveness'))
    return { by: native(cached), converted, facts: { architecture } }
  }
  const detector = async (): Promise<Outcome> => {
    const { path: converted, cached, labels } = await convertYolo(path, detectors)
    return { by: native(cached), converted, facts: { labels } }
  }
  // MiniFASNet weights end with .pth and Ultralytics checkpoints with .pt, but anybody may rename them.
  const order = extname(path).toLowerCase() === '.pth' ? [liveness, detector] : [detector, liveness]
  try {
    return await order[0]!()
  } catch (first) {
    if (!(first instanceof ConvertError) || !['refused_global', 'unsupported_model'].includes(first.code)) throw first
    return await order[1]!().catch(() => {
      throw new ConvertError(
        first.code,
        `${first.message}. If you trust the file, --with python exports it with Ultralytics, which runs code of the file`,
        { cause: first }
      )
    })
  }
}

/**
 * The official export, kept where the native one would lie once it has proved to be a detector that the service can
 * read.
 */
async function exported (path: string, runner: string, folder: string): Promise<Outcome> {
  const target = await convertedPath(path, folder)
  const { onnx, version, finish } = await exportWith(runner, path, folder)
  try {
    const { labels, format } = await readDetector(onnx)
    await rename(onnx, target.path)
    await recordHash(target.path)
    return { by: `Ultralytics ${version} (${runner}), format ${format}`, converted: target.path, facts: { labels } }
  } finally {
    await finish()
  }
}
