/**
 * What the application is built from: opened by the server (or a test), closed by the application. Store, archive and
 * index of people are those of the default namespace; routes and plugins get those of the tenant that they run for.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { ModelSet } from '../../workers/types.ts'
import type { Access } from '../access/access.ts'
import type { Config } from '../config/config.ts'
import type { InferencePool } from '../inference/pool.ts'
import type { Catalog } from '../tasks/catalog.ts'
import type { TenantData, Tenants } from '../tenants/tenants.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

export interface Services extends TenantData {
  config: Config
  logger: FastifyBaseLogger
  access: Access
  models: ModelSet
  inference: InferencePool
  tenants: Tenants
  tasks: Catalog
  webhooks: Webhooks
}
