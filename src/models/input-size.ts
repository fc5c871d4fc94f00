/**
 * The file in which the object detector is opened: in fp32 or int8, for photos of any size, and with its features as
 * more outputs.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SizedObjectDetector } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { ConvertError } from '../model-tools/convert/errors.ts'
import { decodeModel } from '../model-tools/convert/onnx.ts'
import { withFeatureOutputs } from '../model-tools/features/index.ts'
import { type PrecisionSettings, withPrecision } from './precision.ts'
import { reshapedYolo } from '../model-tools/reshape/index.ts'

export type PrepareDetectorSettings = InputSizeSettings & PrecisionSettings
export type InputSizeSettings = Pick<Config, 'YOLO_IMGSZ' | 'MODELS_DIR'>

/**
 * The detector as it is opened, in files that are made on the first start and kept in MODELS_DIR/cache. What cannot be
 * had of it is left out, and `warn` hears why.
 * @throws {ConfigError} when YOLO_IMGSZ or PRECISION is set and cannot be had
 */
export async function prepareDetector (
  model: SizedObjectDetector,
  config: PrepareDetectorSettings,
  warn: (message: string) => void
): Promise<SizedObjectDetector> {
  return await withPrecision(
    model,
    config,
    async model => await withFeatures(await withAnyInputSize(model, config, warn), config)
  )
}

/**
 * The detector in a file that also gives its pooled inner maps, where the graph holds some that are known to be of use.
 */
export async function withFeatures (
  model: SizedObjectDetector,
  { MODELS_DIR }: Pick<Config, 'MODELS_DIR'>
): Promise<SizedObjectDetector> {
  try {
    const made = await withFeatureOutputs(model.path, model.sha256, join(MODELS_DIR, 'cache'))
    return made === null ? model : { published: model, ...model, path: made.path, features: made.outputs }
  } catch (error) {
    // Whoever opens the file finds out what it is and says so.
    if (error instanceof ConvertError) return model
    throw error
  }
}

/**
 * The detector in a file that takes any input size, made on the first start and kept in MODELS_DIR/cache; its `input`
 * is the longer side of a photo, both ways. A detector whose size cannot be changed keeps its own, and `warn` hears
 * why.
 * @throws {ConfigError} when YOLO_IMGSZ is set and cannot be had
 */
export async function withAnyInputSize (
  model: SizedObjectDetector,
  config: InputSizeSettings,
  warn: (message: string) => void
): Promise<SizedObjectDetector> {
  const { YOLO_IMGSZ, MODELS_DIR } = config
  const longerSide = YOLO_IMGSZ ?? Math.max(model.input.width, model.input.height)
  const sized = { ...model, input: { ...model.input, width: longerSide, height: longerSide } }
  try {
    if (await takesAnySize(model.path)) return sized
    const path = await reshapedYolo(model.path, model.sha256, 'any', join(MODELS_DIR, 'cache'))
    return { ...sized, path, ...(YOLO_IMGSZ === undefined ? { published: model.published ?? model } : {}) }
  } catch (error) {
    const reason = `The input size of the object detector ${model.id} cannot be changed: ${(error as Error).message}`
    if (YOLO_IMGSZ !== undefined) { throw new ConfigError(`YOLO_IMGSZ=${YOLO_IMGSZ}: ${reason}. Leave it out, or export the model again.`) }
    warn(`${reason}. It sees every photo at ${model.input.width} x ${model.input.height}.`)
    return model
  }
}

async function takesAnySize (path: string): Promise<boolean> {
  const dimensions = decodeModel(await readFile(path)).graph?.input?.[0]?.type?.tensorType?.shape?.dim ?? []
  return dimensions.length === 4 && dimensions.slice(2).every(({ dimValue }) => dimValue === undefined)
}
