/**
 * `npm run doctor`: looks at everything that a start needs, in the order in which it is needed, and says what to do
 * about what is wrong. It downloads nothing and leaves nothing behind.
 */
import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelSet } from '../../workers/types.ts'
import { openAccess } from '../access/access.ts'
import { isLoopbackHost } from '../access/local.ts'
import { type Config, ConfigError, loadConfig } from '../config/config.ts'
import { unknownNames } from '../config/environment.ts'
import { type InferencePool, startInferencePool } from '../inference/pool.ts'
import { prepareDetector } from '../models/input-size.ts'
import { readManifest } from '../models/manifest-file.ts'
import { prepareModels } from '../models/prepare.ts'
import { resolveModels } from '../models/resolve.ts'
import { fingerprint, matches } from '../models/fingerprint.ts'
import { listenProblem } from '../server/listen.ts'
import { openStore } from '../storage/index.ts'
import { existingTenants, settingsOf } from '../storage/tenants.ts'
import { openSealer } from '../storage/sealing.ts'
import { buildCatalog, readTasks, unavailableReason } from '../tasks/catalog.ts'
import { readScenes, scenesDir } from '../tasks/scenes/scene-file.ts'
import { openWebhooks } from '../webhooks/webhooks.ts'
import { activeModels } from '../models/active-models.ts'

export interface Finding {
  /** `problem`: the service will not start or not work. `hint`: it works, but maybe not as wanted. */
  state: 'fine' | 'hint' | 'problem' | 'skipped'
  subject: string
  /** What was found and, unless fine, what to do. */
  text: string
}

/** A cause that later checks need not repeat. */
class Unusable extends Error {}

/**
 * Yields findings as they are made. Never throws for what it diagnoses.
 * @param unknown names in `.env` that are no settings; given only in tests
 */
export async function * diagnose (
  env: Record<string, string | undefined>,
  nodeVersion = process.versions.node,
  unknown = unknownNames()
): AsyncGenerator<Finding> {
  yield checkNode(nodeVersion)

  const config = attempt(() => loadConfig(env))
  if (config instanceof Error) {
    yield problem(
      'settings',
      `${config.message}. Correct the environment or .env; docs/configuration.md explains every setting.`
    )
    return
  }
  yield fine('settings', 'every value can be used')
  if (unknown.length > 0) {
    yield hint(
      '.env',
      `${unknown.join(', ')}: no setting of the service has such a name, and it is ignored. Compare it with docs/configuration.md, or leave it if another program reads it.`
    )
  }
  yield checkAccess(config)
  yield checkTemplateKey(config)
  yield checkWebhooks(config)

  let models: ModelSet | null = null
  try {
    models = yield * checkModels(config)
  } catch (error) {
    if (!(error instanceof Unusable)) yield problem('models', sentence(error))
  }
  const seen = models === null ? null : yield * checkSessions(models, config)
  yield * checkTasks(config, seen)
  yield await checkStore(config)
  yield await checkPort(config)
  yield checkPage(config)
}

function checkNode (version: string): Finding {
  const [major = 0] = version.split('.').map(Number)
  return major >= 24
    ? fine('Node.js', version)
    : problem(
      'Node.js',
        `${version} is too old, 24 is needed. Use \`npm start\` and \`npm run\`: after \`npm ci\` they bring the right one along.`
    )
}

function checkAccess (config: Config): Finding {
  const warnings: string[] = []
  const log = {
    warn: (message: string) => { warnings.push(message) },
    error: (_: object, message: string) => { warnings.push(message) }
  }
  const opened = attempt(() => openAccess(config, log))
  if (opened instanceof Error) return problem('access', `${opened.message}.`)
  if (warnings.length > 0) return hint('access', `${warnings.join('; ')}.`)
  return fine(
    'access',
    isLoopbackHost(config.HOST) ? 'open to this machine only, or to API keys' : 'API keys are demanded'
  )
}

function checkTemplateKey (config: Config): Finding {
  const sealer = attempt(() => openSealer(config))
  if (sealer instanceof Error) return problem('template key', `${sealer.message}.`)
  return sealer.keyId === null
    ? hint('template key', 'none: templates are stored unencrypted. `npm run keys -- template-key` makes a key.')
    : fine('template key', 'templates are encrypted')
}

function checkWebhooks (config: Config): Finding {
  const webhooks = attempt(() => openWebhooks(config))
  if (webhooks instanceof Error) return problem('webhooks', `${webhooks.message}.`)
  if (!webhooks.enabled) return skipped('webhooks', 'switched off: no WEBHOOK_SECRET')
  return config.WEBHOOK_ORIGINS === ''
    ? hint(
      'webhooks',
      'WEBHOOK_SECRET is set and WEBHOOK_ORIGINS is not: every webhook is refused. List the origins of the receivers.'
    )
    : fine('webhooks', `posted to ${config.WEBHOOK_ORIGINS}`)
}

/** @throws {Unusable} after a finding that says why the models cannot be opened */
async function * checkModels (config: Config): AsyncGenerator<Finding, ModelSet> {
  const manifest = await readManifest(config)
  const models = await resolveModels(config, manifest)
  let usable = true
  for (const model of activeModels(models)) {
    const found = await fingerprint(model.path)
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
async function * checkSessions (
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

async function * checkTasks (
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

async function checkStore (config: Config): Promise<Finding> {
  // A store that does not exist yet is made by the first start, not by looking.
  if (config.DATABASE_URL === undefined && !existsSync(config.DATA_DIR)) {
    const parent = resolve(config.DATA_DIR, '..')
    const writable = await access(
      existsSync(parent) ? parent : dirname(parent),
      constants.W_OK
    ).then(() => true, () => false)
    return writable
      ? fine('store', `${config.DATA_DIR} does not exist yet; the first start makes it`)
      : problem(
        'store',
          `DATA_DIR=${config.DATA_DIR} does not exist and cannot be made. Create it, or give this user the right to write there.`
      )
  }
  try {
    const own = await lookInto(config)
    if (own.state === 'problem') return own
    const tenants = await existingTenants(config)
    for (const tenant of tenants) {
      const found = await lookInto(await settingsOf(config, tenant))
      if (found.state === 'problem') return problem('store', `Tenant ${tenant}: ${found.text}`)
    }
    return tenants.length === 0
      ? own
      : fine('store', `${own.text}; and ${tenants.length} tenants: ${tenants.join(', ')}`)
  } catch (error) {
    return problem('store', sentence(error))
  }
}

async function lookInto (config: Config): Promise<Finding> {
  const store = await openStore(config)
  try {
    await store.check()
    const damage = await store.integrityCheck()
    if (damage.length > 0) { return problem('store', `The database is damaged: ${damage.join('; ')}. Check the disk and restore a backup.`) }
    return fine('store', `${store.kind}, ${await store.countUsers()} users`)
  } finally {
    await store.close()
  }
}

async function checkPort ({ HOST, PORT }: Config): Promise<Finding> {
  const { promise, resolve: settle } = Promise.withResolvers<NodeJS.ErrnoException | null>()
  const server = createServer().once('error', settle).listen(PORT, HOST, () => server.close(() => settle(null)))
  const failure = await promise
  if (failure === null) return fine('port', PORT === 0 ? 'any free port' : `${HOST}:${PORT} is free`)
  if (failure.code === 'EADDRINUSE') {
    const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
    const ours = await fetch(`http://${host}:${PORT}/api/health`, { signal: AbortSignal.timeout(2000) })
      .then(async answer => (await answer.json() as { ok?: boolean }).ok === true).catch(() => false)
    return ours
      ? fine('port', `the service is running at ${HOST}:${PORT}`)
      : problem('port', listenProblem('EADDRINUSE', { HOST, PORT }))
  }
  return problem('port', listenProblem(failure.code ?? failure.message, { HOST, PORT }))
}

function checkPage ({ TEST_PAGE, HOST, PORT }: Config): Finding {
  if (!TEST_PAGE) return skipped('page', 'switched off by TEST_PAGE=false')
  if (!existsSync(fileURLToPath(new URL('../../static/index.html', import.meta.url)))) { return problem('page', 'static/index.html is missing. Restore the folder static/, or set TEST_PAGE=false.') }
  return isLoopbackHost(HOST)
    ? fine('page', `http://${HOST}:${PORT}/`)
    : hint(
      'page',
      'Browsers give a page the camera only over HTTPS or on localhost: put a reverse proxy with a certificate in front.'
    )
}

/** What went wrong, without a stack. */
function sentence (error: unknown): string {
  const { message } = error as Error
  return /[.!?)]$/.test(message) ? message : `${message}.`
}

/** The settings' error as a value. Anything else is a fault of ours and thrown. */
function attempt<T> (work: () => T): T | ConfigError {
  try {
    return work()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

function fine (subject: string, text: string): Finding {
  return { state: 'fine', subject, text }
}

function hint (subject: string, text: string): Finding {
  return { state: 'hint', subject, text }
}

function problem (subject: string, text: string): Finding {
  return { state: 'problem', subject, text }
}

function skipped (subject: string, text: string): Finding {
  return { state: 'skipped', subject, text }
}
