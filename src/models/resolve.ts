/** Which models the settings ask for. */
import { basename, extname, resolve } from 'node:path'
import type { ModelSet, Resolved } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config.ts'
import type { FaceDetectorModel, LivenessModel, Manifest, Model, ObjectDetectorModel, Pack } from './manifest.ts'
import { type Fingerprint, fingerprint } from './verify.ts'

type Role = Model['role']
type ModelOf<R extends Role> = Resolved<Extract<Model, { role: R }>>

export type ModelSettings = Pick<Config,
  'MODELS_DIR' | 'INSIGHT_PACK' | 'FACE_DETECTOR' | 'FACE_EMBEDDER' | 'DET_W' | 'DET_H' | 'YOLO_MODEL_PATH' |
  'LIVENESS_ENABLED' | 'LIVENESS_MODEL_PTH' | 'LIVENESS_IMG_SIZE' | 'LIVENESS_NUM_CLASSES' | 'REAL_CLASS_INDEX'>

/** What names a model: a manifest id or a path, and the setting it comes from, for messages. */
interface Choice {
  setting: string
  value: string
}

/** The pack that fills the roles which another pack leaves open. */
const defaultPack = 'starter'

/**
 * The models in force: those of the pack, the default pack's where it names none, and whatever a single setting puts in
 * their place. A setting holds an id of the manifest, or the path of an ONNX file, which is recognised by its sha256.
 * Files that the manifest places in MODELS_DIR need not be there yet.
 * @throws {ConfigError} naming the setting, what it holds and what is known
 */
export async function resolveModels (config: ModelSettings, manifest: Manifest): Promise<ModelSet> {
  const pack = { ...packNamed(defaultPack, manifest), ...packNamed(config.INSIGHT_PACK, manifest) }
  const fromPack = (id: string | undefined): Choice => ({ setting: 'INSIGHT_PACK', value: id ?? '' })
  const choose = (setting: keyof ModelSettings, id: string | undefined): Choice =>
    config[setting] === '' ? fromPack(id) : { setting, value: String(config[setting]) }
  const find = <R extends Role>(role: R, choice: Choice) => findModel(role, choice, config.MODELS_DIR, manifest)

  const faceDetector = await find('face-detector', choose('FACE_DETECTOR', pack.faceDetector))
  const liveness = config.LIVENESS_MODEL_PTH === ''
    ? (pack.liveness ?? []).map(fromPack)
    : config.LIVENESS_MODEL_PTH.split(',').map(value => ({ setting: 'LIVENESS_MODEL_PTH', value: value.trim() }))
  return {
    faceDetector: withInputSize(faceDetector, config),
    // SCRFD finds the five points itself.
    faceLandmarks: faceDetector.format === 'scrfd' ? null : await find('face-landmarks', fromPack(pack.faceLandmarks)),
    faceEmbedder: await find('face-embedder', choose('FACE_EMBEDDER', pack.faceEmbedder)),
    liveness: config.LIVENESS_ENABLED
      ? await Promise.all(liveness.map(async choice => withoutContradiction(await find('liveness', choice), config)))
      : [],
    objectDetector: await find('object-detector', choose('YOLO_MODEL_PATH', pack.objectDetector))
  }
}

/** Every model of a set, in the order in which they work. */
export function modelsOf ({ faceDetector, faceLandmarks, faceEmbedder, liveness, objectDetector }: ModelSet): Resolved<Model>[] {
  return [faceDetector, faceLandmarks, faceEmbedder, ...liveness, objectDetector].filter(model => model !== null)
}

function packNamed (name: string, { packs }: Manifest): Pack {
  const pack = packs[name]
  if (pack === undefined) throw new ConfigError(`INSIGHT_PACK=${name} is not a known pack; known are ${Object.keys(packs).join(', ')}`)
  return pack
}

async function findModel<R extends Role> (role: R, choice: Choice, dir: string, { models }: Manifest): Promise<ModelOf<R>> {
  const { setting, value } = choice
  if (value === '') throw new ConfigError(`${setting} names no ${role}`)
  const entry = models[value]
  if (entry !== undefined) return withRole(role, { ...entry, id: value, path: resolve(dir, entry.file) }, choice)

  const found = await fingerprint(value).catch((error: Error) => {
    throw new ConfigError(`${setting}=${value} cannot be read: ${error.message}`)
  })
  if (found === null) throw new ConfigError(`${setting}=${value} is neither a file nor a known ${role}; known are ${idsOf(role, models).join(', ')}`)
  const path = resolve(value)
  const known = Object.entries(models).find(([, { sha256 }]) => sha256 === found.sha256)
  if (known !== undefined) return withRole(role, { ...known[1], id: known[0], file: path, path }, choice)
  if (role === 'object-detector') return customObjectDetector(path, found) as ModelOf<R>
  throw new ConfigError(`${setting}=${value} (sha256 ${found.sha256}) is not in the manifest, so its preprocessing is unknown. Describe it in ${resolve(dir, 'local.json')}, in the form of models/manifest.json, or use a known ${role}: ${idsOf(role, models).join(', ')}`)
}

function withRole<R extends Role> (role: R, model: Resolved<Model>, { setting, value }: Choice): ModelOf<R> {
  if (model.role === role) return model as ModelOf<R>
  throw new ConfigError(`${setting}=${value} is a model for ${model.role}; expected one for ${role}`)
}

function idsOf (role: Role, models: Manifest['models']): string[] {
  return Object.keys(models).filter(id => models[id]?.role === role)
}

/** What a standard Ultralytics detection export expects; the labels come with the file. */
function customObjectDetector (path: string, { size, sha256 }: Fingerprint): Resolved<ObjectDetectorModel> {
  const id = basename(path, extname(path))
  return {
    id,
    path,
    role: 'object-detector',
    title: id,
    file: path,
    size,
    sha256,
    licence: { name: 'unknown', commercial: false },
    sources: [],
    input: { width: 640, height: 640, channels: 'RGB', mean: 0, std: 255 },
    format: 'yolov8',
    scoreThreshold: 0.25,
    iouThreshold: 0.5
  }
}

function withInputSize (model: Resolved<FaceDetectorModel>, { DET_W, DET_H }: ModelSettings): Resolved<FaceDetectorModel> {
  return model.format === 'scrfd' ? { ...model, input: { ...model.input, width: DET_W, height: DET_H } } : model
}

/** The numbers of a known model are facts: another class index, for one, would let attacks pass as live. */
function withoutContradiction (model: Resolved<LivenessModel>, settings: ModelSettings): Resolved<LivenessModel> {
  const facts = { LIVENESS_IMG_SIZE: model.input.width, LIVENESS_NUM_CLASSES: model.classes, REAL_CLASS_INDEX: model.realClass }
  for (const [name, fact] of Object.entries(facts)) {
    const set = settings[name as keyof typeof facts]
    if (set !== undefined && set !== fact) throw new ConfigError(`${name}=${set} contradicts the liveness model ${model.id}, whose value is ${fact}; leave the setting out`)
  }
  return model
}
