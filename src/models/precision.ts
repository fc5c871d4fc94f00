/**
 * Which numbers the object detector computes with: those that were published, or 8-bit integers where they are faster
 * here.
 */
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { arch, cpus, platform } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import packageJson from '../../package.json' with { type: 'json' }
import type { CompareSetup, Comparison } from '../../workers/thread-setup.ts'
import type { Precision, SizedObjectDetector } from '../../workers/types.ts'
import { type Config, ConfigError } from '../config/config.ts'
import { writeAtomically } from '../model-tools/convert/cache.ts'
import { exactness, exactnessModel } from '../model-tools/quantize/exactness.ts'
import { int8From, knownInt8, knownRanges, type RangesFile } from '../model-tools/quantize/known-ranges.ts'
import { readTasks } from '../tasks/catalog.ts'
import { fitsContract, readScenes, scenesDir } from '../tasks/scenes/scene-file.ts'

export type PrecisionSettings = Pick<Config, 'PRECISION' | 'EXECUTION_PROVIDER' | 'MODELS_DIR' | 'TASKS_FILE'>

/** Makes a file of the detector ready to be opened. */
type Prepare = (model: SizedObjectDetector) => Promise<SizedObjectDetector>

/** How many times faster int8 has to be: rounding moves scores, and nobody should pay that for nothing. */
const LEAST_GAIN = 1.2

/**
 * The detector, prepared, in the precision that PRECISION asks for.
 * @throws {ConfigError} for PRECISION=int8 where no ranges are known
 */
export async function withPrecision (
  model: SizedObjectDetector,
  config: PrecisionSettings,
  prepare: Prepare
): Promise<SizedObjectDetector> {
  const float = async (reason: string): Promise<SizedObjectDetector> => ({
    ...(await prepare(model)),
    precision: { type: 'fp32', reason }
  })
  const { PRECISION } = config
  if (PRECISION === 'fp32') return await float('PRECISION=fp32')
  const known = await knownRanges(model.sha256)
  if (known === null) {
    if (PRECISION === 'int8') {
      throw new ConfigError(
        `PRECISION=int8: expected an object detector whose activation ranges are known, found ${model.id}; make an int8 file of it with \`npm run models -- quantize ${model.id} --photos FOLDER\` and leave PRECISION out`
      )
    }
    return await float(`no activation ranges are known for ${model.id}`)
  }
  const cacheDir = join(config.MODELS_DIR, 'cache')
  const integers = async (): Promise<SizedObjectDetector> => await prepare({
    ...model,
    path: await int8From(known, model.path, cacheDir),
    int8: knownInt8,
    published: model
  })
  if (PRECISION === 'int8') return { ...await integers(), precision: { type: 'int8', reason: 'PRECISION=int8' } }

  const unmeasured = await fp32Scenes(model, config)
  if (unmeasured.length > 0) {
    return await float(
      `the scenes ${unmeasured.join(', ')} were taught with fp32; teach them with PRECISION=int8 to use it`
    )
  }
  const demonstrated = await demonstratedTasks(config)
  if (demonstrated.length > 0) {
    return await float(
      `demonstration rules decide the tasks ${demonstrated.join(', ')}, and int8 changes the answers of such rules on one photo in a hundred; set PRECISION=int8 to use it all the same`
    )
  }
  const key = keyOf(known, config)
  let measured: Comparison | Error | null = await recall(cacheDir, key)
  if (measured === null) {
    measured = await compare(
      { fp32: await prepare(model), int8: await integers(), provider: config.EXECUTION_PROVIDER },
      cacheDir
    ).catch((error: Error) => error)
    if (measured instanceof Error) return await float(`int8 could not be measured: ${measured.message}`)
    await remember(cacheDir, key, measured)
  }
  const precision = verdictOf(measured)
  return precision.type === 'int8' ? { ...await integers(), precision } : await float(precision.reason)
}

/** Names of scenes that were taught with this detector in fp32 and not measured with int8. */
async function fp32Scenes ({ sha256 }: SizedObjectDetector, { TASKS_FILE }: PrecisionSettings): Promise<string[]> {
  const scenes = [...(await readScenes(scenesDir(TASKS_FILE))).values()].filter(scene => typeof scene !== 'string')
  return scenes.filter(({ detector, contract }) => detector.sha256 === sha256 && !contract.endsWith(`/${knownInt8}`))
    .filter(scene => !fitsContract(scene, `${scene.contract}/${knownInt8}`)).map(({ name }) => name)
}

/** Names of tasks that labels of a general-purpose model decide, with scores close to their limit. */
async function demonstratedTasks ({ TASKS_FILE }: PrecisionSettings): Promise<string[]> {
  const scenes = await readScenes(scenesDir(TASKS_FILE))
  return (await readTasks(TASKS_FILE)).filter(({ rules }) => {
    const taught = rules.filter(({ scene = '' }) => typeof scenes.get(scene) === 'object').map(({ id }) => id)
    return rules.some(({ demonstration, insteadOf = '' }) => demonstration && !taught.includes(insteadOf))
  }).map(({ name }) => name)
}

export function verdictOf ({ provider, fp32Ms, int8Ms, exact }: Comparison): Precision {
  if (provider !== 'cpu') { return { type: 'fp32', reason: `int8 is for the CPU, and the execution provider is ${provider}` } }
  if (!exact) return { type: 'fp32', reason: 'this processor does not add products of 8-bit integers exactly' }
  const gain = `${(fp32Ms / int8Ms).toFixed(2)} times as fast as fp32 on this processor`
  return fp32Ms / int8Ms >= LEAST_GAIN
    ? { type: 'int8', reason: gain }
    : { type: 'fp32', reason: `int8 is ${gain}, less than ${LEAST_GAIN}` }
}

/** Measured in a thread of its own, which ends with its sessions. */
async function compare (detectors: Omit<CompareSetup, 'exactness'>, cacheDir: string): Promise<Comparison> {
  await mkdir(cacheDir, { recursive: true })
  const path = join(cacheDir, `exactness.${randomUUID()}.onnx`)
  try {
    await writeFile(path, exactnessModel())
    const worker = new Worker(new URL('../../workers/compare-detectors.ts', import.meta.url), {
      workerData: { ...detectors, exactness: { path, ...exactness } } satisfies CompareSetup,
      execArgv: []
    })
    const [measured] = await once(worker, 'message') as [Comparison]
    await once(worker, 'exit')
    return measured
  } finally {
    await rm(path, { force: true })
  }
}

const RememberedSchema = Type.Record(
  Type.String(),
  Type.Object({ provider: Type.String(), fp32Ms: Type.Number(), int8Ms: Type.Number(), exact: Type.Boolean() })
)

const rememberedIn = (cacheDir: string): string => join(cacheDir, 'precision.json')

async function remembered (cacheDir: string): Promise<Static<typeof RememberedSchema>> {
  const content: unknown = await readFile(rememberedIn(cacheDir), 'utf8').then(JSON.parse).catch(() => null)
  return Value.Check(RememberedSchema, content) ? content : {}
}

async function recall (cacheDir: string, key: string): Promise<Comparison | null> {
  return (await remembered(cacheDir))[key] ?? null
}

/** Forgets what was measured, since another provider may be there now. */
export async function forgetPrecision ({ MODELS_DIR }: Pick<Config, 'MODELS_DIR'>): Promise<void> {
  await rm(rememberedIn(join(MODELS_DIR, 'cache')), { force: true })
}

async function remember (cacheDir: string, key: string, measured: Comparison): Promise<void> {
  await writeAtomically(
    rememberedIn(cacheDir),
    Buffer.from(`${JSON.stringify({ ...(await remembered(cacheDir)), [key]: measured }, null, 2)}\n`)
  )
}

/** A processor with what it can do, the runtime, and the files. */
function keyOf ({ sha256 }: RangesFile, { EXECUTION_PROVIDER }: PrecisionSettings): string {
  const parts = [
    EXECUTION_PROVIDER,
    cpus()[0]?.model,
    processorFlags(),
    arch(),
    platform(),
    packageJson.dependencies['onnxruntime-node'],
    sha256,
    knownInt8
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** Virtual machines call processors with and without VNNI alike. */
function processorFlags (): string | undefined {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
