import { UsageError } from '../../cli/run-command.ts'
import type { Command as AnyCommand } from '../../cli/run-commands.ts'
import type { Config } from '../../config/config.ts'
import { activeModels } from '../../models/active-models.ts'
import { prepareDetector } from '../../models/input-size.ts'
import { readManifest } from '../../models/manifest-file.ts'
import { prepareModels } from '../../models/prepare.ts'
import { resolveModels } from '../../models/resolve.ts'
import { type InferencePool, startInferencePool } from '../../inference/pool.ts'
import { readScenes, type Scene, scenesDir } from '../../tasks/scenes/scene-file.ts'
import type { Rate, SceneFile } from '../../tasks/scenes/scene-file.ts'
import { TeachingError } from '../teaching-error.ts'

export type Command = AnyCommand<Config>

/** @throws {UsageError} with the scenes that are known */
export async function sceneNamed (args: string[], usage: string, { TASKS_FILE }: Config): Promise<Scene | string> {
  if (args.length === 0) throw new UsageError(`Usage: npm run tasks -- ${usage}`)
  const scenes = await readScenes(scenesDir(TASKS_FILE))
  const scene = scenes.get(args[0]!)
  if (scene === undefined) {
    throw new UsageError(
      `There is no scene ${args[0]}; there ${scenes.size === 1 ? 'is' : 'are'} ${[...scenes.keys()].join(', ') || 'none'}.`
    )
  }
  return scene
}

/** A pool with what scenes need: faces and objects, without liveness. */
export async function withPool<T> (
  config: Config,
  work: (pool: InferencePool, detector: SceneFile['detector']) => Promise<T>
): Promise<T> {
  const manifest = await readManifest(config)
  const models = await prepareModels(
    await resolveModels({ ...config, LIVENESS_ENABLED: false }, manifest),
    config,
    manifest
  )
  if (models.objectDetector === null) { throw new TeachingError('no_detector', 'Expected an object detector, found none. Set YOLO_MODEL_PATH.') }
  // What a scene learns should not depend on how fast this processor is.
  const PRECISION = config.PRECISION === 'auto' ? 'fp32' : config.PRECISION
  models.objectDetector = await prepareDetector(models.objectDetector, { ...config, PRECISION }, message => {
    process.stderr.write(`${message}\n`)
  })
  const pool = await startInferencePool(
    {
      models,
      provider: config.EXECUTION_PROVIDER,
      intraOpThreads: config.INTRA_OP_THREADS
    },
    {
      workers: config.WORKER_THREADS,
      idleThreads: 1,
      queueMax: config.QUEUE_MAX,
      jobTimeout: config.JOB_TIMEOUT,
      workerHeapMb: config.WORKER_HEAP_MB,
      memory: { limitMb: 0 },
      closeTimeout: config.SHUTDOWN_TIMEOUT
    }
  )
  try {
    const { id, sha256 } = activeModels(models).find(({ role }) => role === 'object-detector')!
    return await work(pool, { id, sha256 })
  } finally {
    await pool.close()
  }
}

/** "74 % (62 to 83 %, 62 photos)" */
export function rateText ({ rate, low, high, photos }: Rate): string {
  const percent = (share: number) => (100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)
  return `${percent(rate)} % (${percent(low)} to ${percent(high)} %, ${photos} photos)`
}

export function figuresText ({
  figures: { auc, proven, false: wrong, near },
  threshold
}: Pick<SceneFile, 'figures' | 'threshold'>): string {
  return [
    `threshold              ${threshold.toFixed(3)}`,
    `area under the curve   ${auc.toFixed(3)}`,
    `proven of the task     ${rateText(proven)}`,
    `proven of others       ${rateText(wrong)}`,
    `proven of near misses  ${near === null ? 'not measured: no near misses' : rateText(near)}`
  ].join('\n')
}
