/** Opens everything the application needs: what fails cheaply first, what takes long beside each other. */
import type { FastifyBaseLogger } from 'fastify'
import { openAccess } from '../access/access.ts'
import type { Config } from '../config/config.ts'
import type { ModelSet } from '../../workers/types.ts'
import { type InferencePool, startInferencePool } from '../inference/pool.ts'
import { prepareDetector } from '../models/input-size.ts'
import { readManifest } from '../models/manifest-file.ts'
import { prepareModels } from '../models/prepare.ts'
import { resolveModels } from '../models/resolve.ts'
import type { Services } from './services.ts'
import { openSealer, type Sealer } from '../storage/sealing.ts'
import { existingTenants } from '../storage/tenants.ts'
import { buildCatalog, readTasks } from '../tasks/catalog.ts'
import { readScenes, scenesDir } from '../tasks/scenes/scene-file.ts'
import { type Opening, openTenant } from '../tenants/open-tenant.ts'
import { createTenants, type TenantData, type Tenants } from '../tenants/tenants.ts'
import { openWebhooks } from '../webhooks/webhooks.ts'

/**
 * Installs missing models, then starts and warms up the workers and opens the stores beside each other.
 * @param whileOpening what else this thread can do while the workers open their models
 * @throws {ConfigError | InstallError | StoreError | ModelError} a sentence that says what to do; nothing stays open
 */
export async function openServices (
  config: Config,
  logger: FastifyBaseLogger,
  whileOpening: () => Promise<unknown> = async () => {}
): Promise<Services> {
  const access = openAccess(config, logger)
  const sealer = openSealer(config)
  const webhooks = openWebhooks(config)
  const definitions = await readTasks(config.TASKS_FILE)
  const scenes = await readScenes(scenesDir(config.TASKS_FILE))
  const manifest = await readManifest(config)
  const models = await prepareModels(await resolveModels(config, manifest), config, manifest)
  const unmeasured = models.liveness.filter(({ threshold }) => threshold.measured.startsWith('not measured'))
  if (unmeasured.length > 0 && config.LIVENESS_THRESHOLD === undefined) {
    logger.warn(
      `No threshold was measured for the liveness model ${unmeasured.map(({ id }) => id).join(', ')}: measure it with \`npm run evaluate\` and set LIVENESS_THRESHOLD`
    )
  }
  if (models.objectDetector !== null) {
    models.objectDetector = await prepareDetector(models.objectDetector, config, message => logger.warn(message))
  }
  const [pool, stores] = await Promise.allSettled([
    startPool(config, models, logger),
    openTenants({ config, logger, models, sealer }),
    whileOpening()
  ])
  if (pool.status === 'rejected' || stores.status === 'rejected') {
    if (pool.status === 'fulfilled') await pool.value.close()
    if (stores.status === 'fulfilled') await stores.value.tenants.close()
    throw (stores as PromiseRejectedResult).reason ?? (pool as PromiseRejectedResult).reason
  }
  const { own, tenants } = stores.value
  const inference = pool.value
  warn(config, sealer, logger)
  for (const warning of inference.warnings) logger.warn(warning)
  const tasks = buildCatalog(definitions, inference.labels, { scenes, contract: inference.features })
  for (const { rule, problem } of tasks.tasks.flatMap(({ sceneProblems }) => sceneProblems)) { logger.warn(`The rule ${rule} is not active: ${problem}`) }
  return { config, logger, access, models, inference, ...own, tenants, tasks, webhooks }
}

/** The default namespace and every tenant: their jobs, webhooks and retention go on, also while nobody calls. */
async function openTenants (opening: Opening): Promise<{ own: TenantData, tenants: Tenants }> {
  const own = await openTenant(null, opening)
  const tenants = createTenants(own, tenant => openTenant(tenant, opening))
  try {
    for (const tenant of await existingTenants(opening.config)) await tenants.open(tenant)
    return { own, tenants }
  } catch (error) {
    await tenants.close()
    throw error
  }
}

function startPool (config: Config, models: ModelSet, logger: FastifyBaseLogger): Promise<InferencePool> {
  return startInferencePool(
    { models, provider: config.EXECUTION_PROVIDER, intraOpThreads: config.INTRA_OP_THREADS },
    {
      workers: config.WORKER_THREADS,
      idleThreads: config.IDLE_THREADS,
      queueMax: config.QUEUE_MAX,
      jobTimeout: config.JOB_TIMEOUT,
      workerHeapMb: config.WORKER_HEAP_MB,
      memory: {
        limitMb: config.MEMORY_LIMIT_MB,
        onReplaced: ({ limitMb, beforeMb, afterMb }) =>
          logger.warn(
            `the process had ${beforeMb} MiB, above MEMORY_LIMIT_MB=${limitMb}; its workers were replaced, now it has ${afterMb} MiB${afterMb > limitMb ? ': raise MEMORY_LIMIT_MB or lower WORKER_THREADS' : ''}`
          )
      },
      closeTimeout: config.SHUTDOWN_TIMEOUT,
      onWorkerError: error => logger.error({ err: error }, 'a worker failed; the pool replaces it')
    }
  )
}

function warn (config: Config, sealer: Sealer, logger: FastifyBaseLogger): void {
  if (sealer.keyId === null) { logger.warn('no TEMPLATE_KEY: templates are stored unencrypted; `npm run keys -- template-key` makes a key') }
  if (config.KEEP_PHOTOS !== 'none' && config.RETENTION_DAYS === undefined) { logger.warn(`KEEP_PHOTOS=${config.KEEP_PHOTOS} without RETENTION_DAYS: photos are kept until their user is deleted`) }
}
