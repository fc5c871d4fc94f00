/** Which models the settings ask for. */
import { resolve } from 'node:path'
import type { ModelSet, Resolved } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { chooseDetector, type DetectorSettings } from './choose-detector.ts'
import { chooseLiveness, type LivenessSettings } from './choose-liveness.ts'
import { type Choice, findModel, idsOf, type ModelOf, type Role } from './find-model.ts'
import type { FaceDetectorModel, Manifest, Pack } from './manifest.ts'

export type ModelSettings = LivenessSettings & DetectorSettings & Pick<Config,
  'INSIGHT_PACK' | 'FACE_DETECTOR' | 'FACE_EMBEDDER' | 'DET_W' | 'DET_H' | 'YOLO_MODEL_PATH' | 'LIVENESS_ENABLED'>

/** The pack that fills the roles which another pack leaves open. */
export const defaultPack = 'starter'

/**
 * The models in use: those of the pack, the default pack's where it names none, and whatever a single setting puts in
 * their place. A setting holds an id of the manifest, or the path of a file, which is recognised by its sha256. Files
 * that the manifest places in MODELS_DIR need not be there yet.
 * @throws {ConfigError} naming the setting, what it holds and what is known
 */
export async function resolveModels (config: ModelSettings, manifest: Manifest): Promise<ModelSet> {
  const pack = { ...packNamed(defaultPack, manifest), ...packNamed(config.INSIGHT_PACK, manifest) }
  const fromPack = (id: string | undefined): Choice => ({ setting: 'INSIGHT_PACK', value: id ?? '' })
  const choose = (setting: keyof ModelSettings, id: string | undefined): Choice =>
    config[setting] === '' ? fromPack(id) : { setting, value: String(config[setting]) }
  const find = <R extends Role>(role: R, choice: Choice) => knownModel(role, choice, config.MODELS_DIR, manifest)

  const faceDetector = await find('face-detector', choose('FACE_DETECTOR', pack.faceDetector))
  return {
    faceDetector: withInputSize(faceDetector, config),
    // SCRFD finds the five points itself.
    faceLandmarks: faceDetector.format === 'scrfd' ? null : await find('face-landmarks', fromPack(pack.faceLandmarks)),
    faceEmbedder: await find('face-embedder', choose('FACE_EMBEDDER', pack.faceEmbedder)),
    ...(config.LIVENESS_ENABLED
      ? await chooseLiveness(config, (pack.liveness ?? []).map(fromPack), manifest)
      : { liveness: [] }),
    objectDetector: await chooseDetector(choose('YOLO_MODEL_PATH', pack.objectDetector), config, manifest)
  }
}

/** The ids that a pack names. */
export function idsOfPack ({
  faceDetector,
  faceLandmarks,
  faceEmbedder,
  liveness = [],
  objectDetector
}: Pack): string[] {
  return [faceDetector, faceLandmarks, faceEmbedder, ...liveness, objectDetector].filter(id => id !== undefined)
}

function packNamed (name: string, { packs }: Manifest): Pack {
  const pack = packs[name]
  if (pack === undefined) { throw new ConfigError(`INSIGHT_PACK=${name} is not a known pack; known are ${Object.keys(packs).join(', ')}`) }
  return pack
}

/** For the roles in which nothing may be guessed. */
async function knownModel<R extends Role> (
  role: R,
  choice: Choice,
  dir: string,
  manifest: Manifest
): Promise<ModelOf<R>> {
  const found = await findModel(role, choice, dir, manifest)
  if (found.file === null) return found.known
  throw new ConfigError(
    `${choice.setting}=${choice.value} (sha256 ${found.file.sha256}) is not in the manifest, so its preprocessing is unknown. Describe it in ${resolve(dir, 'local.json')}, in the form of models/manifest.json, or use a known ${role}: ${idsOf(role, manifest.models).join(', ')}`
  )
}

function withInputSize (
  model: Resolved<FaceDetectorModel>,
  { DET_W, DET_H }: ModelSettings
): Resolved<FaceDetectorModel> {
  return model.format === 'scrfd' ? { ...model, input: { ...model.input, width: DET_W, height: DET_H } } : model
}
