import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { seesScores } from '../access/scopes.ts'
import { HealthSchema, type Ready, ReadySchema } from '../schemas/system.ts'
import type { Services } from '../server/services.ts'
import { StoreError } from '../storage/store-error.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { activeModels } from '../models/active-models.ts'
import { activeThresholds, thresholdSettings } from '../verification/thresholds.ts'
import type { RouteContract } from './contract.ts'

const getHealthRoute = {
  config: { scope: 'open', quiet: true },
  schema: {
    operationId: 'getHealth',
    summary: 'Is the process alive?',
    tags: ['system'],
    response: { 200: HealthSchema }
  }
} satisfies RouteContract

const getReadyRoute = {
  config: { scope: 'open', quiet: true },
  schema: {
    operationId: 'getReady',
    summary: 'Can the service judge proofs now, and with what?',
    tags: ['system'],
    response: { 200: ReadySchema, 503: ReadySchema }
  }
} satisfies RouteContract

const getMetricsRoute = {
  config: { scope: 'read', quiet: true, audit: false, allTenants: true },
  schema: {
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    tags: ['system'],
    produces: ['text/plain'],
    response: { 200: Type.String({ description: 'the text format of Prometheus' }) }
  }
} satisfies RouteContract

export const systemRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { config, models, inference, store, tasks, tenants }
) => {
  const modelsInUse = activeModels(models).map(({ id, role, title, sha256, licence, accepted }) => ({
    id,
    role,
    title,
    sha256,
    licence: licence.name,
    commercial: licence.commercial,
    ...(accepted !== undefined && { accepted })
  }))
  const thresholds = activeThresholds(config, models)
  const settings = thresholdSettings(config)

  app.get('/health', getHealthRoute, async () => ({ ok: true as const, version: packageJson.version, uptime: Math.round(process.uptime()) })
  )

  app.get('/ready', getReadyRoute, async ({ caller }, reply) => {
    const problems: string[] = []
    if (app.isClosing()) problems.push('The service is shutting down.')
    const fault = inference.problem()
    if (fault !== null) problems.push(fault)
    let storeWorks = true
    await Promise.all(tenants.inTurn().map(({ store }) => store.check())).catch(error => {
      app.log.error({ err: error }, 'the store cannot be read and written')
      storeWorks = false
      problems.push(
        error instanceof StoreError && error.code === 'store_sealed'
          ? 'Stored templates cannot be decrypted with the template key of this instance; see the log.'
          : 'The store cannot be read and written; see the log.'
      )
    })
    const ready = problems.length === 0
    reply.code(ready ? 200 : 503)
    // A probe needs no key, yet what is in use is nobody else's business.
    if (caller === null) return { ready, problems }
    return {
      ready,
      models: modelsInUse,
      thresholds,
      thresholdSettings: settings,
      provider: inference.provider,
      ...(inference.providerReason !== null && { providerReason: inference.providerReason }),
      ...(models.objectDetector?.precision !== undefined && { precision: models.objectDetector.precision }),
      store: { kind: store.kind, ok: storeWorks },
      queue: { ...inference.state(), uploading: app.uploading() },
      tasks: tasks.tasks.map(({ name, activeRules }) => ({ name, available: activeRules.length > 0 })),
      problems
    } satisfies Ready
  })

  app.get('/metrics', getMetricsRoute, async ({ caller }, reply) => {
    reply.type(app.metrics.contentType)
    return app.metrics.text({ scores: seesScores(caller, config.EXPOSE_SCORES) })
  })
}
