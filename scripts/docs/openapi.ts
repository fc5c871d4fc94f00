/** The OpenAPI document of the service with every route switched on, without opening models or a store. */
import type { OpenAPIV3_1 as OpenApi } from 'openapi-types'
import { pino } from 'pino'
import { openAccess } from '../../src/access/access.ts'
import { buildApp } from '../../src/server/app.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { InferencePool } from '../../src/inference/pool.ts'
import { readManifest } from '../../src/models/manifest-file.ts'
import { resolveModels } from '../../src/models/resolve.ts'
import { buildCatalog, readTasks } from '../../src/tasks/catalog.ts'
import { createTenants, type TenantData } from '../../src/tenants/tenants.ts'
import { openWebhooks } from '../../src/webhooks/webhooks.ts'

export async function openApiDocument (): Promise<OpenApi.Document> {
  const config = loadConfig({ LOG_LEVEL: 'silent', DEBUG_ROUTES: 'true', TEACHING: 'true', IDENTIFY: 'true' })
  const logger = pino({ level: 'silent' })
  // Used by requests only, and there are none.
  const own = {
    store: { close: async () => {} },
    people: { sketchMissing: async () => 0 },
    archive: { sweep: async () => 0 }
  } as unknown as TenantData
  const app = await buildApp({
    config,
    logger,
    access: openAccess(config, logger),
    models: await resolveModels(config, await readManifest(config)),
    tasks: buildCatalog(await readTasks(config.TASKS_FILE), []),
    webhooks: openWebhooks(config),
    inference: { close: async () => {} } as InferencePool,
    ...own,
    tenants: createTenants(own, async () => own)
  })
  await app.ready()
  const document = app.swagger() as OpenApi.Document
  await app.close()
  return document
}

/** One row for each call, with what it is for. */
export function callTable ({ paths }: OpenApi.Document): string {
  const rows = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(
      ([method, operation]) =>
        `| \`${method.toUpperCase()} ${path}\` | ${(operation as OpenApi.OperationObject).summary} |`
    )
  )
  return ['| call | what for |', '|---|---|', ...rows].join('\n')
}
