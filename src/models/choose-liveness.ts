/**
 * Which liveness models the settings ask for: known ones by id or by their bytes, ensembles, and the operator's own.
 */
import { basename, extname, join } from 'node:path'
import type { ModelSet } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { ConvertError, convertLiveness, inspectOnnx, type OnnxInfo } from '../model-tools/convert/index.ts'
import { cropScale } from '../model-tools/convert/minifasnet.ts'
import { type Choice, findModel, type UnknownFile } from './find-model.ts'
import { unknownLicence } from './licences.ts'
import type { LivenessModel, LivenessThreshold, Manifest } from './manifest.ts'

export type LivenessSettings = Pick<Config,
  'MODELS_DIR' | 'LIVENESS_MODEL_PTH' | 'LIVENESS_IMG_SIZE' | 'LIVENESS_NUM_CLASSES' | 'REAL_CLASS_INDEX' |
  'LIVENESS_CROP_SCALE' | 'LIVENESS_CHANNELS' | 'LIVENESS_MEAN' | 'LIVENESS_STD'>

export type LivenessChoice = Pick<ModelSet, 'liveness' | 'ensembleThreshold'>

type Member = ModelSet['liveness'][number]

/** Upstream's order of classes: 0 a flat fake, 1 real, 2 another fake. */
const miniFasNetFacts = { channels: 'BGR' as const, mean: 0, std: 1, classes: 3, realClass: 1 }

/** An even chance: where nothing was measured, there is nothing better. */
const unmeasured: LivenessThreshold = {
  value: 0.5,
  measured: 'not measured: measure it with `npm run evaluate` and set LIVENESS_THRESHOLD'
}

/**
 * @param fromPack what the pack names, for when LIVENESS_MODEL_PTH is empty
 * @throws {ConfigError} naming the setting, what it holds, and what is expected
 */
export async function chooseLiveness (
  settings: LivenessSettings,
  fromPack: Choice[],
  manifest: Manifest
): Promise<LivenessChoice> {
  const names = settings.LIVENESS_MODEL_PTH.split(',').map(name => name.trim())
  const ensemble = names.map(name => manifest.ensembles[name]).find(found => found !== undefined)
  if (ensemble === undefined) {
    const choices =
      settings.LIVENESS_MODEL_PTH === '' ? fromPack : names.map(value => ({ setting: 'LIVENESS_MODEL_PTH', value }))
    return { liveness: await chooseAll(choices, settings, manifest) }
  }
  if (names.length > 1) {
    throw new ConfigError(
      `LIVENESS_MODEL_PTH=${settings.LIVENESS_MODEL_PTH} mixes an ensemble with other models; name an ensemble alone, or list models`
    )
  }
  const members = ensemble.families.map(family =>
    family.map(value => ({ setting: `LIVENESS_MODEL_PTH=${names[0]}`, value }))
  )
  const weights = new Map(ensemble.families.flatMap((family, i) => family.map(id => [
    id,
    (ensemble.weights?.[i] ?? 1) / family.length
  ])))
  const liveness = await chooseAll(members.flat(), settings, manifest)
  return {
    liveness: liveness.map(model => ({ ...model, weight: weights.get(model.id)! })),
    ensembleThreshold: ensemble.threshold
  }
}

/** Settings describe the operator's own models; where there are none, they must not contradict the known ones. */
async function chooseAll (choices: Choice[], settings: LivenessSettings, manifest: Manifest): Promise<Member[]> {
  const found = await Promise.all(choices.map(async choice => {
    const { value, scale } = withScale(choice)
    return { choice, scale, model: await findModel('liveness', { ...choice, value }, settings.MODELS_DIR, manifest) }
  }))
  const allKnown = found.every(({ model }) => model.known !== null)
  return await Promise.all(found.map(async ({ choice, scale, model }) => {
    if (model.file !== null) return await describeCustom(model.file, scale, choice, settings)
    const facts = factsOf(model.known)
    if (scale !== undefined) { refuseContradiction(choice.setting, `@${scale}`, scale, facts.LIVENESS_CROP_SCALE, model.known.id) }
    if (allKnown) {
      for (const [name, fact] of Object.entries(facts)) {
        const set = settings[name as keyof typeof facts]
        if (set !== undefined) refuseContradiction(name, String(set), set, fact, model.known.id)
      }
    }
    return model.known
  }))
}

/** `path@2.7` states the crop scale. */
function withScale ({ value }: Choice): { value: string, scale: number | undefined } {
  const match = /^(.+)@(\d+(?:\.\d+)?)$/.exec(value)
  return match === null ? { value, scale: undefined } : { value: match[1]!, scale: Number(match[2]) }
}

function factsOf ({ input, classes, realClass, crop }: LivenessModel) {
  return {
    LIVENESS_IMG_SIZE: input.width,
    LIVENESS_NUM_CLASSES: classes,
    REAL_CLASS_INDEX: realClass,
    LIVENESS_CROP_SCALE: crop.scale,
    LIVENESS_CHANNELS: input.channels,
    LIVENESS_MEAN: input.mean,
    LIVENESS_STD: input.std
  }
}

/** Why a contradiction is dangerous, where that is not obvious. */
const reasons: Record<string, string> = {
  REAL_CLASS_INDEX: '; another class would let attacks pass as live',
  LIVENESS_STD: '; another scaling makes its answer the same for every photo',
  LIVENESS_MEAN: '; another scaling makes its answer the same for every photo',
  LIVENESS_CHANNELS: '; swapped colours turn printed photos into live ones'
}

function refuseContradiction (name: string, shown: string, set: unknown, fact: unknown, id: string): void {
  if (set !== fact) {
    throw new ConfigError(
      `${name}=${shown} contradicts the liveness model ${id}, whose value is ${fact}${reasons[name] ?? ''}; leave the setting out`
    )
  }
}

/** What a file that the manifest does not know expects: from the file where it says so, from the settings otherwise. */
async function describeCustom (
  file: UnknownFile,
  scale: number | undefined,
  { setting, value }: Choice,
  settings: LivenessSettings
): Promise<Member> {
  const refuse = (text: string) => new ConfigError(`${setting}=${value}: ${text}`)
  const own = await readOwn(file.path, settings).catch(error => {
    throw error instanceof ConvertError
      ? refuse(error.message)
      : error
  })
  const state = (name: keyof LivenessSettings, inFile: number | undefined, what: string): number => {
    const set = settings[name] as number | undefined
    if (inFile !== undefined && set !== undefined && inFile !== set) { throw refuse(`${name}=${set} contradicts the file, which has ${inFile} ${what}; leave the setting out`) }
    const result = inFile ?? set
    if (result === undefined) {
      throw refuse(
        `the file does not say ${what}; set ${name}, or describe the model in ${join(settings.MODELS_DIR, 'local.json')}`
      )
    }
    return result
  }
  const chosen = <T>(name: keyof LivenessSettings, usual: T | undefined, what: string): T => {
    const result = settings[name] as T | undefined ?? usual
    if (result === undefined) {
      throw refuse(
        `the file does not say ${what}; set ${name}, or describe the model in ${join(settings.MODELS_DIR, 'local.json')}`
      )
    }
    return result
  }
  const side = state('LIVENESS_IMG_SIZE', own.size, 'as the side of its input in pixels')
  const classes = state('LIVENESS_NUM_CLASSES', own.classes, 'as its number of classes')
  const realClass = chosen(
    'REAL_CLASS_INDEX',
    own.miniFasNet && classes === miniFasNetFacts.classes ? miniFasNetFacts.realClass : undefined,
    'which class means a live person'
  )
  if (realClass >= classes) throw refuse(`REAL_CLASS_INDEX=${realClass} should be below its ${classes} classes`)
  const usual = own.miniFasNet ? miniFasNetFacts : undefined
  const id = basename(file.path, extname(file.path))
  return {
    id,
    path: own.path,
    role: 'liveness',
    title: id,
    file: file.path,
    size: file.size,
    sha256: file.sha256,
    licence: unknownLicence,
    sources: [],
    input: {
      width: side,
      height: side,
      channels: chosen('LIVENESS_CHANNELS', usual?.channels, 'the order of its channels'),
      mean: settings.LIVENESS_MEAN ?? 0,
      std: chosen('LIVENESS_STD', usual?.std, 'what its pixels are divided by')
    },
    crop: {
      rule: 'silent-face',
      scale:
        scale ??
        chosen(
          'LIVENESS_CROP_SCALE',
          cropScale(basename(file.path)) ?? undefined,
          "how much of the face's surroundings it wants to see"
        )
    },
    classes,
    realClass,
    threshold: unmeasured
  }
}

interface Own {
  /** The ONNX file. */
  path: string
  /** Undefined where the file leaves it open. */
  size: number | undefined
  classes: number | undefined
  /** A network of that family, whose preprocessing is known. */
  miniFasNet: boolean
}

async function readOwn (path: string, { MODELS_DIR }: LivenessSettings): Promise<Own> {
  if (!isOnnx(path)) {
    const { path: converted, size, classes } = await convertLiveness(path, conversionsDir(MODELS_DIR, 'liveness'))
    return { path: converted, size, classes, miniFasNet: true }
  }
  const info = await inspectOnnx(path)
  return { path, ...sizesOf(info), miniFasNet: info.metadata.architecture?.startsWith('MiniFASNet') ?? false }
}

function sizesOf ({ inputs, outputs }: OnnxInfo): { size: number | undefined, classes: number | undefined } {
  const [, channels, height, width] = inputs[0]?.shape ?? []
  const output = outputs[0]?.shape ?? []
  if (inputs.length !== 1 || inputs[0]?.shape?.length !== 4 || (channels !== 3 && typeof channels === 'number')) {
    throw new ConvertError(
      'unsupported_model',
      `expected a liveness model with one input [n, 3, side, side], found ${inputs.map(({ name, shape }) => `${name} [${shape?.join(', ')}]`).join(', ')}`
    )
  }
  if (height !== width && typeof height === 'number') { throw new ConvertError('unsupported_model', `expected a square input, found ${height} x ${width}`) }
  if (output.length !== 2) {
    throw new ConvertError(
      'unsupported_model',
      `expected one score for each class, [n, classes], found the output [${output.join(', ')}]`
    )
  }
  return { size: numberOf(height), classes: numberOf(output[1]) }
}

function numberOf (axis: unknown): number | undefined {
  return typeof axis === 'number' ? axis : undefined
}

export function isOnnx (path: string): boolean {
  return extname(path).toLowerCase() === '.onnx'
}

/** Where conversions of PyTorch weights are kept: apart, since one file is never both. */
export function conversionsDir (modelsDir: string, kind: 'liveness' | 'detectors'): string {
  return join(modelsDir, 'cache', kind)
}
