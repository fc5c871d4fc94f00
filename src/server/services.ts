/** What the application is built from: opened by the server (or a test), closed by the application. */
import type { FastifyBaseLogger } from 'fastify'
import type { ModelSet } from '../../workers/types.ts'
import type { Access } from '../access/access.ts'
import type { Config } from '../config/config.ts'
import type { PeopleIndex } from '../identification/people-index.ts'
import type { InferencePool } from '../inference/pool.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'
import type { Catalog } from '../tasks/catalog.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

export interface Services {
  config: Config
  logger: FastifyBaseLogger
  access: Access
  models: ModelSet
  inference: InferencePool
  store: Store
  people: PeopleIndex
  archive: PhotoArchive
  tasks: Catalog
  webhooks: Webhooks
}
