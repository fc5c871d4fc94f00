import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CalibratedRole, CheckSetup } from '../../../workers/thread-setup.ts'
import type { Resolved } from '../../../workers/types.ts'
import { chooseDetector } from '../../models/choose-detector.ts'
import { exists, writeAtomically } from '../convert/cache.ts'
import { ConvertError } from '../convert/index.ts'
import { installWithProgress } from '../../models/install-models.ts'
import { requireAcceptance } from '../../models/licences.ts'
import { addLocalModel } from '../../models/manifest-file.ts'
import type { Manifest, Model } from '../../models/manifest.ts'
import { megabytes } from '../../models/progress.ts'
import { photosIn, quantize as quantizeFile } from '../quantize/index.ts'
import type { RangesFile } from '../quantize/known-ranges.ts'
import type { Range } from '../quantize/numbers.ts'
import { resolveModels } from '../../models/resolve.ts'
import { hashFile } from '../../models/file-hash.ts'
import { type Command, type Context, onlyArgument, UsageError } from './command.ts'

const usage = 'quantize MODEL --photos FOLDER [--id ID] [--reduce-range] [--ranges FILE]'

/** More photos hardly move the ranges, and each costs a run of the slow kind. */
const mostPhotos = 128

/** Largest int8 weight; 64 keeps two products with a uint8 within 16 bits. */
const largestWeight = { full: 127, reduced: 64 }

type Calibrated = Resolved<Extract<Model, { role: CalibratedRole }>>

const settings: Record<CalibratedRole, string> = {
  'face-detector': 'FACE_DETECTOR',
  'face-embedder': 'FACE_EMBEDDER',
  'object-detector': 'YOLO_MODEL_PATH'
}

export const quantize: Command = {
  usage,
  summary: 'makes an int8 version of an ONNX detector or embedder, with scales from photos of yours',
  options: {
    photos: { type: 'string' },
    id: { type: 'string' },
    'reduce-range': { type: 'boolean' },
    ranges: { type: 'string' }
  },
  async run (args, values, context) {
    const name = onlyArgument(args, usage)
    if (typeof values.photos !== 'string') {
      throw new UsageError(
        `--photos names a folder of photos like those that the model will see\nUsage: npm run models -- ${usage}`
      )
    }
    const { config, manifest } = context
    const model = await modelNamed(name, context)
    const id = (values.id as string | undefined) ?? `${model.id}_int8`
    if (!/^[\w.-]+$/.test(id)) throw new UsageError(`--id takes letters, digits, "_", "." and "-"; found ${id}`)
    const file = `quantized/${id}.onnx`
    const target = join(config.MODELS_DIR, file)
    await refuseOverwriting(id, file, target, manifest)
    const photos = await photosIn(values.photos, mostPhotos)

    // A face detector is resolved once more, because the settings choose its input size.
    const models = await resolveModels(
      {
        ...config,
        LIVENESS_ENABLED: false,
        YOLO_MODEL_PATH: '',
        ...(model.role === 'face-detector' && { FACE_DETECTOR: name })
      },
      manifest
    )
    const setup = model.role === 'face-detector' ? models : { ...models, [keyOf[model.role]]: model }
    const opened: Resolved<Model>[] =
      model.role === 'face-embedder'
        ? [setup.faceDetector, setup.faceLandmarks, model].filter(model => model !== null)
        : [model]
    await requireAcceptance(
      opened.map(model => ({ model, name: model.id })),
      config,
      manifest
    )
    await installWithProgress(opened, config.MODELS_DIR, { mirror: config.MODEL_MIRROR })

    process.stderr.write(`Showing ${photos.length} files to ${model.id}\n`)
    const reduced = values['reduce-range'] === true
    const { ranges, ...made } = await quantizeFile(
      model,
      target,
      { models: setup, role: model.role, photos, maxPixels: config.MAX_PHOTO_MEGAPIXELS * 1e6 },
      { largestWeight: reduced ? largestWeight.reduced : largestWeight.full }
    )
    const { size, sha256 } = (await hashFile(target))!
    if (typeof values.ranges === 'string') await writeRanges(values.ranges, model, made.photos, ranges)
    const entry = {
      ...entryOf(
        model,
        `${model.title}, int8 from ${model.id} (sha256 ${model.sha256.slice(0, 12)}...), ${made.photos} photos`
      ),
      file,
      size,
      sha256,
      sources: []
    }
    await passesSelfTest({ ...entry, id, path: target })
    await addLocalModel(id, entry, config)
    const data = {
      id,
      path: resolve(target),
      size,
      sha256,
      source: { id: model.id, path: model.path, sha256: model.sha256, size: model.size },
      reducedRange: reduced,
      ...made
    }
    return { data, text: inWords(data, settings[model.role]) }
  }
}

const keyOf = { 'face-embedder': 'faceEmbedder', 'object-detector': 'objectDetector' } as const

/** A model of the manifest by its id or its bytes, or an object detector that describes itself. */
async function modelNamed (name: string, { config, manifest }: Context): Promise<Calibrated> {
  const known = manifest.models[name]
  if (known !== undefined) return calibrated({ ...known, id: name, path: resolve(config.MODELS_DIR, known.file) })
  const found = await hashFile(name)
  if (found === null) { throw new UsageError(`There is no model and no file ${name}. Models: ${Object.keys(manifest.models).join(', ')}.`) }
  const entry = Object.entries(manifest.models).find(([, { sha256 }]) => sha256 === found.sha256)
  if (entry !== undefined) return calibrated({ ...entry[1], id: entry[0], file: resolve(name), path: resolve(name) })
  return await chooseDetector({ setting: 'MODEL', value: name }, config, manifest)
}

function calibrated (model: Resolved<Model>): Calibrated {
  if (model.role in settings) return model as Calibrated
  throw new ConvertError(
    'unsupported_model',
    `expected a model for ${Object.keys(settings).join(', ')}, found ${model.id} for ${model.role}`
  )
}

/** An entry whose file was removed may be made anew. */
async function refuseOverwriting (id: string, file: string, target: string, { models }: Manifest): Promise<void> {
  const taken = (await exists(target))
    ? target
    : models[id] !== undefined && models[id].file !== file
      ? `the model ${id}`
      : null
  if (taken !== null) {
    throw new ConvertError(
      'target_exists',
      `expected a new name, found ${taken}; remove it with \`npm run models -- remove ${id}\` or choose another name with --id`
    )
  }
}

/** The manifest's part of a resolved model. */
function entryOf ({ id, path, accepted, ...model }: Calibrated, title: string): Model {
  if (model.role !== 'face-embedder') return { ...model, title }
  const { value, measured } = model.threshold
  return {
    ...model,
    title,
    threshold: { value, measured: `Not measured on this model: copied from ${id}. There: ${measured}` }
  }
}

/** For src/models/ranges, from which the int8 file is made without photos. */
async function writeRanges (
  path: string,
  { id, sha256 }: Calibrated,
  photos: number,
  ranges: Map<string, Range>
): Promise<void> {
  const file: RangesFile = {
    format: 'ranges-1',
    model: id,
    sha256,
    photos,
    provenance: 'not stated',
    ranges: Object.fromEntries([...ranges].map(([name, { min, max }]) => [name, [min, max]]))
  }
  await writeAtomically(resolve(path), Buffer.from(`${JSON.stringify(file, null, 1)}\n`))
}

/** The test that every start repeats: a model that fails it does not stay. */
async function passesSelfTest (model: CheckSetup): Promise<void> {
  try {
    await once(new Worker(new URL('../../../workers/check.ts', import.meta.url), { workerData: model }), 'exit')
  } catch (cause) {
    await rm(model.path)
    throw new ConvertError(
      'unsupported_model',
      `expected an int8 model that passes the self-test, found: ${(cause as Error).message}`,
      { cause }
    )
  }
}

function inWords (
  data: {
    id: string,
    path: string,
    size: number,
    source: { id: string, size: number },
    reducedRange: boolean,
    layers: number,
    activations: number,
    photos: number,
    unreadable: number,
    runs: number
  },
  setting: string
): string {
  return [
    `${relative('.', data.path)} (${megabytes(data.size)} instead of ${megabytes(data.source.size)})`,
    `  ${data.layers} layers and ${data.activations} activations of ${data.source.id} as integers; the last layers stay float`,
    `  scales from ${data.photos} photos (${data.runs} runs)${data.unreadable > 0 ? `; files that are no photos: ${data.unreadable}` : ''}`,
    ...(data.reducedRange
      ? []
      : [
          '  exact on processors with VNNI, AMX or ARM dot products; for older ones (AVX2 alone) make it with --reduce-range'
        ]),
    `Use it with ${setting}=${data.id}. Compare both with \`npm run evaluate\` first.`
  ].join('\n')
}
