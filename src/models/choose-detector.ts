/** Which object detector YOLO_MODEL_PATH asks for. */
import { access } from 'node:fs/promises'
import { basename, extname, relative } from 'node:path'
import { type Config, ConfigError } from '../config/config.ts'
import { fromProject } from '../config/project-folder.ts'
import { readTextFile } from '../config/text-file.ts'
import { conversionsDir, isOnnx } from './choose-liveness.ts'
import { ConvertError, convertedPath, inspectOnnx, isKept } from '../model-tools/convert/index.ts'
import { type DetectorLayout, recogniseDetector } from '../model-tools/detector-layout.ts'
import { type Choice, findModel, type ModelOf, type UnknownFile } from './find-model.ts'
import { unknownLicence } from './licences.ts'
import type { Manifest } from './manifest.ts'

export type DetectorSettings = Pick<Config, 'MODELS_DIR' | 'YOLO_IMGSZ'>

/** Longer side at which detectors of this kind are trained and published, pixels. */
const USUAL_SIDE_PX = 640

/** @throws {ConfigError} naming the setting, what it holds, and what is expected or to be done */
export async function chooseDetector (
  choice: Choice,
  settings: DetectorSettings,
  manifest: Manifest
): Promise<ModelOf<'object-detector'>> {
  const value = await convertedFor(choice, settings, manifest)
  const found = await findModel('object-detector', { ...choice, value }, settings.MODELS_DIR, manifest)
  return found.file === null ? found.known : await describeCustom(found.file, choice, settings)
}

/**
 * A checkpoint stands for its export beside it, or for its conversion; it is never converted behind the operator's
 * back.
 */
async function convertedFor (
  { setting, value }: Choice,
  { MODELS_DIR }: DetectorSettings,
  { models }: Manifest
): Promise<string> {
  if (models[value] !== undefined || !/\.pth?$/i.test(value)) return value
  const checkpoint = fromProject(value)
  const beside = `${checkpoint.slice(0, -extname(checkpoint).length)}.onnx`
  if (await isThere(beside)) return beside
  if (!(await isThere(checkpoint))) { throw new ConfigError(`${setting}=${value}: there is neither this file nor ${basename(beside)} beside it`) }
  const { path } = await convertedPath(checkpoint, conversionsDir(MODELS_DIR, 'detectors'))
  if (await isKept(path)) return path
  throw new ConfigError(
    `${setting}=${value} is a PyTorch checkpoint${(await isThere(path)) ? ' whose conversion was changed' : ''}; convert it once with \`npm run models -- convert ${relative('.', checkpoint)}\``
  )
}

async function describeCustom (
  file: UnknownFile,
  { setting, value }: Choice,
  settings: DetectorSettings
): Promise<ModelOf<'object-detector'>> {
  const id = basename(file.path, extname(file.path))
  try {
    if (!isOnnx(file.path)) { throw new ConvertError('unsupported_model', 'expected a file that ends with .onnx, .pt or .pth') }
    const { format, labels, input, licence } = await readDetector(file.path, settings.YOLO_IMGSZ)
    return {
      id,
      path: file.path,
      role: 'object-detector',
      title: id,
      file: file.path,
      size: file.size,
      sha256: file.sha256,
      licence: licence === undefined ? unknownLicence : { ...unknownLicence, url: licence },
      sources: [],
      input,
      format,
      scoreThreshold: 0.25,
      iouThreshold: 0.5,
      labels
    }
  } catch (error) {
    throw error instanceof ConvertError ? new ConfigError(`${setting}=${value}: ${error.message}`) : error
  }
}

/**
 * The layout of a detector on disk, seen at `side` pixels if it has no size of its own, with the labels of the text
 * file beside it where it has none.
 * @throws ConvertError in one sentence: what was expected and what was found
 */
export async function readDetector (
  path: string,
  side = USUAL_SIDE_PX
): Promise<DetectorLayout & { licence: string | undefined }> {
  const info = await inspectOnnx(path)
  const ownLabels = info.labels === null ? await labelsBeside(path) : undefined
  return { ...recogniseDetector(info, { side, ownLabels }), licence: info.metadata.license }
}

async function labelsBeside (path: string): Promise<string[] | undefined> {
  const text = await readTextFile(`${path.slice(0, -extname(path).length)}.txt`).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw new ConvertError('unreadable_file', error.message, { cause: error })
    }
  )
  const labels = text?.split(/\r?\n/).map(line => line.trim()).filter(line => line !== '')
  return labels?.length === 0 ? undefined : labels
}

async function isThere (path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false)
}
