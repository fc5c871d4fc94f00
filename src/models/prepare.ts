/** From the models that the settings ask for to files that can be opened: licences, installation, conversion. */
import type { ModelSet, Resolved } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { conversionsDir } from './choose-liveness.ts'
import { ConvertError, convertLiveness } from '../model-tools/convert/index.ts'
import { InstallError } from './install-error.ts'
import { installModels } from './install-models.ts'
import { missingFiles } from './install.ts'
import { type Acceptance, needsAcceptance, requireAcceptance } from './licences.ts'
import type { Manifest, Model } from './manifest.ts'
import { idsOfPack } from './resolve.ts'
import { activeModels } from './active-models.ts'

export type PrepareSettings = Pick<Config, 'MODELS_DIR' | 'MODEL_MIRROR' | 'INSIGHT_PACK' | 'ACCEPT_MODEL_LICENSES'>

/**
 * Hashes the models that are there, installs the missing ones, and converts PyTorch weights, once for each file.
 * @returns the set with the files to open, and with when each licence that needs it was accepted
 * @throws {InstallError} also for a changed file, and for a licence that was not accepted
 * @throws {ConfigError} for weights that cannot be converted
 */
export async function prepareModels (models: ModelSet, config: PrepareSettings, manifest: Manifest): Promise<ModelSet> {
  const licensed = activeModels(models).map(model => ({ model, name: commandName(model, config, manifest) }))
  const accepted = await requireAcceptance(licensed, config, manifest)
  await refuseSurprise(licensed.filter(({ model }) => needsAcceptance(model.licence)), config)
  await installModels(models, config)
  const stamped = <M extends Resolved<Model> | null>(model: M): M => model === null
    ? model
    : withAcceptance(model, accepted.get(model.id))
  return {
    ...models,
    faceDetector: stamped(models.faceDetector),
    faceLandmarks: stamped(models.faceLandmarks),
    faceEmbedder: stamped(models.faceEmbedder),
    objectDetector: stamped(models.objectDetector),
    liveness: await Promise.all(models.liveness.map(async model => ({
      ...stamped(model),
      path: await converted(model, config)
    })))
  }
}

/** What to call a model in a command: its pack when it is in one. */
function commandName ({ id }: Resolved<Model>, { INSIGHT_PACK }: PrepareSettings, { packs }: Manifest): string {
  const pack = packs[INSIGHT_PACK]
  return pack !== undefined && idsOfPack(pack).includes(id) ? INSIGHT_PACK : id
}

/** Non-commercial models are large and not for everybody: a start never downloads them unless a setting says so. */
async function refuseSurprise (
  licensed: { model: Resolved<Model>, name: string }[],
  { MODELS_DIR, ACCEPT_MODEL_LICENSES }: PrepareSettings
): Promise<void> {
  const asked = ACCEPT_MODEL_LICENSES.split(',').map(name => name.trim())
  for (const { model, name } of licensed) {
    if (asked.includes(name) ||
      asked.includes(model.id) ||
      (await missingFiles([model], MODELS_DIR)).length === 0) continue
    throw new InstallError(
      'not_installed',
      `${name} is not installed: ${model.path} is missing. Run \`npm run models -- install ${name}\``
    )
  }
}

function withAcceptance<M extends Resolved<Model>> (model: M, acceptance: Acceptance | undefined): M {
  return acceptance === undefined ? model : { ...model, accepted: acceptance.acceptedAt }
}

async function converted ({ id, path }: Resolved<Model>, { MODELS_DIR }: PrepareSettings): Promise<string> {
  if (!/\.pth?$/i.test(path)) return path
  try {
    return (await convertLiveness(path, conversionsDir(MODELS_DIR, 'liveness'))).path
  } catch (error) {
    throw error instanceof ConvertError
      ? new ConfigError(`The liveness model ${id} (${path}): ${error.message}`)
      : error
  }
}
