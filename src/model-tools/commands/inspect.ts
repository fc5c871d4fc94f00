import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildCatalog, readTasks } from '../../tasks/catalog.ts'
import { readDetector } from '../../models/choose-detector.ts'
import { isOnnx } from '../../models/choose-liveness.ts'
import { convertLiveness, ConvertError, convertYolo, inspectOnnx, type OnnxValue } from '../convert/index.ts'
import { hashFile } from '../../models/file-hash.ts'
import { type Command, type Context, onlyArgument } from './command.ts'

const usage = 'inspect FILE'

interface Finding {
  /** In words. */
  what: string
  labels?: string[]
  details: Record<string, unknown>
}

export const inspect: Command = {
  usage,
  summary: 'shows what an .onnx, .pt or .pth file is, its labels, and the tasks it can prove',
  async run (args, _values, context) {
    const path = onlyArgument(args, usage)
    const found = await hashFile(path)
    if (found === null) throw new ConvertError('unreadable_file', `expected a readable file at ${path}, found none`)
    const known = Object.entries(context.manifest.models).find(([, { sha256 }]) => sha256 === found.sha256)?.[0] ?? null
    const { what, labels, details } = isOnnx(path) ? await inspectExport(path, context) : await inspectCheckpoint(path)
    const tasks = labels === undefined ? undefined : await tasksOf(labels, context)
    const lines = [
      `${resolve(path)}: ${what}${known === null ? '' : ` (${known} of the manifest)`}`,
      `  sha256   ${found.sha256} (${found.size} bytes)`,
      ...Object.entries(details).map(
        ([name, value]) => `  ${name.padEnd(8)} ${typeof value === 'string' ? value : JSON.stringify(value)}`
      ),
      ...(labels === undefined ? [] : [`  labels   ${labels.length}: ${labels.join(', ')}`]),
      ...(tasks ?? []).map(
        ({ name, rules }) => `  task     ${name}: ${rules.length === 0 ? 'cannot be proved' : `by ${rules.join(', ')}`}`
      )
    ]
    return { data: { path: resolve(path), known, what, ...found, ...details, labels, tasks }, text: lines.join('\n') }
  }
}

async function inspectExport (path: string, { config }: Context): Promise<Finding> {
  const info = await inspectOnnx(path)
  const details = {
    inputs: info.inputs.map(shapeInWords).join(', '),
    outputs: info.outputs.map(shapeInWords).join(', '),
    opset: info.opset,
    ...(info.producer !== '' && { producer: info.producer }),
    ...(info.metadata.license !== undefined && { licence: info.metadata.license })
  }
  try {
    const { format, labels, input, dynamic } = await readDetector(path, config.YOLO_IMGSZ)
    return {
      what: `an object detector of the format ${format}, ${dynamic ? 'for any size' : `${input.width} x ${input.height}`}`,
      labels,
      details
    }
  } catch (error) {
    if (!(error instanceof ConvertError)) throw error
    return { what: 'an ONNX model', details: { ...details, detector: `no: ${error.message}` } }
  }
}

function shapeInWords ({ name, type, shape }: OnnxValue): string {
  return `${name} ${type} [${shape?.map(axis => axis ?? '?').join(', ') ?? 'no shape'}]`
}

/** Reads by converting into a folder that is thrown away. */
async function inspectCheckpoint (path: string): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'models-inspect-'))
  try {
    return await convertAny(path, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function convertAny (path: string, folder: string): Promise<Finding> {
  try {
    const { architecture, classes, size, cropScale } = await convertLiveness(path, folder)
    return {
      what: `liveness weights of ${architecture}`,
      details: {
        input: `${size} x ${size} BGR, 0 to 255`,
        classes,
        crop: cropScale === null ? 'not in the file name' : `${cropScale} x the face box`
      }
    }
  } catch (error) {
    if (!(error instanceof ConvertError) || !['refused_global', 'unsupported_model'].includes(error.code)) throw error
  }
  const { labels, stride, imageSize } = await convertYolo(path, folder)
  return { what: 'an Ultralytics detection checkpoint', labels, details: { stride, trained: imageSize.join(' x ') } }
}

async function tasksOf (labels: string[], { config }: Context): Promise<{ name: string, rules: string[] }[]> {
  const { tasks } = buildCatalog(await readTasks(config.TASKS_FILE), labels)
  return tasks.map(({ name, activeRules }) => ({ name, rules: activeRules.map(({ id }) => id) }))
}
