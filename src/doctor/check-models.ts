/** Model files, sessions and tasks. */
import { join } from 'node:path'
import type { ModelSet } from '../../workers/types.ts'
import type { Config } from '../config/config.ts'
import { type InferencePool, startInferencePool } from '../inference/pool.ts'
import { activeModels } from '../models/active-models.ts'
import { hashFile, matches } from '../models/file-hash.ts'
import { prepareDetector } from '../models/input-size.ts'
import { readManifest } from '../models/manifest-file.ts'
import { prepareModels } from '../models/prepare.ts'
import { resolveModels } from '../models/resolve.ts'
import { buildCatalog, readTasks, unavailableReason } from '../tasks/catalog.ts'
import { readScenes, scenesDir } from '../tasks/scenes/scene-file.ts'
import { openShadow } from '../verification/shadow.ts'
import { type Finding, fine, hint, problem, sentence, skipped } from './finding.ts'

/** A cause that later checks need not repeat. */
export class Unusable extends Error {}

/** @throws {Unusable} after a finding that says why the models cannot be opened */
export async function * checkModels (config: Config): AsyncGenerator<Finding, ModelSet> {
  const manifest = await readManifest(config)
  const models = await resolveModels(config, manifest)
  let usable = true
  for (const model of activeModels(models)) {
    const found = await hashFile(model.path)
    if (found === null) {
      usable = false
      yield model.licence.commercial
        ? hint(
          model.id,
            `${model.path} is missing; the next start fetches it, as \`npm run models -- install ${model.id}\` does.`
        )
        : problem(
          model.id,
            `${model.path} is missing, and its licence has to be accepted. Install it with \`npm run models -- install ${model.id}\`.`
        )
    } else if (!matches(found, model)) {
      usable = false
      yield problem(
        model.id,
        `${model.path} has other bytes than the manifest says (sha256 ${found.sha256}, expected ${model.sha256}). Remove it and install it again, or describe your own model in ${join(config.MODELS_DIR, 'local.json')}.`
      )
    } else {
      yield model.licence.commercial
        ? fine(model.id, `${model.file}, sha256 as in the manifest, licence ${model.licence.name}`)
        : hint(
          model.id,
            `${model.file} is there, but its licence does not allow commercial use: ${model.licence.name}.`
        )
    }
  }
  if (!usable) throw new Unusable()
  const prepared = await prepareModels(models, config, manifest)
  return prepared.objectDetector === null
    ? prepared
    : { ...prepared, objectDetector: await prepareDetector(prepared.objectDetector, config, () => {}) }
}

/** Opens every session once and runs the self-test, as a start does. */
export async function * checkSessions (
  models: ModelSet,
  config: Config
): AsyncGenerator<Finding, Pick<InferencePool, 'labels' | 'features'> | null> {
  try {
    const inference = await startInferencePool(
      {
        models,
        provider: config.EXECUTION_PROVIDER,
        intraOpThreads: config.INTRA_OP_THREADS
      },
      {
        workers: 1,
        idleThreads: 1,
        queueMax: 1,
        jobTimeout: config.JOB_TIMEOUT,
        workerHeapMb: config.WORKER_HEAP_MB,
        memory: { limitMb: 0 },
        closeTimeout: config.SHUTDOWN_TIMEOUT
      }
    )
    yield inference.providerReason === null
      ? fine('provider', `${inference.provider}; every model passed its self-test`)
      : hint(
        'provider',
          `${inference.provider}; every model passed its self-test. ${inference.providerReason}. If you expected a GPU, see docs/troubleshooting.md.`
      )
    const precision = models.objectDetector?.precision
    if (precision !== undefined) { yield fine('precision', `the object detector computes in ${precision.type}: ${precision.reason}`) }
    await inference.close()
    return inference
  } catch (error) {
    yield problem('provider', sentence(error))
    return null
  }
}

export async function * checkTasks (
  config: Config,
  seen: Pick<InferencePool, 'labels' | 'features'> | null
): AsyncGenerator<Finding> {
  try {
    const definitions = await readTasks(config.TASKS_FILE)
    const scenes = await readScenes(scenesDir(config.TASKS_FILE))
    const { tasks } = buildCatalog(definitions, seen?.labels ?? [], { scenes, contract: seen?.features ?? null })
    if (seen === null) {
      yield skipped('tasks', `${tasks.length} in ${config.TASKS_FILE}; what the detector can see is not known yet`)
      return
    }
    for (const task of tasks) {
      if (task.activeRules.length === 0) yield hint(`task ${task.name}`, unavailableReason(task))
      else if (task.activeRules.every(({ demonstration }) => demonstration)) {
        yield hint(
          `task ${task.name}`,
          'can be proved by demonstration rules only, which prove little. Set YOLO_MODEL_PATH to a detector trained for the task.'
        )
      } else yield fine(`task ${task.name}`, `${task.activeRules.length} active rules`)
      for (const { rule, problem } of task.sceneProblems) yield hint(`rule ${rule}`, `is not active. ${problem}`)
    }
  } catch (error) {
    yield problem('tasks', sentence(error))
  }
}

export async function checkShadow (config: Config, models: ModelSet): Promise<Finding> {
  const policy = await openShadow(config, models).catch((error: Error) => error)
  return policy instanceof Error
    ? problem('shadow policy', `${policy.message}.`)
    : fine('shadow policy', `${config.SHADOW_POLICY} is counted in eco_shadow_verdicts_total and changes no answer`)
}
