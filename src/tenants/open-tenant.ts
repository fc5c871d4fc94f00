/** Opens what belongs to one tenant, or to the default namespace. */
import type { FastifyBaseLogger } from 'fastify'
import type { ModelSet } from '../../workers/types.ts'
import type { Config } from '../config/config.ts'
import { createPeopleIndex } from '../identification/people-index.ts'
import { embeddingContract } from '../models/active-models.ts'
import { openStore } from '../storage/index.ts'
import { openPhotoArchive } from '../storage/photo-archive.ts'
import type { QueuePolicies } from '../storage/queue-policies.ts'
import { openSealer, type Sealer } from '../storage/sealing.ts'
import { settingsOf } from '../storage/tenants.ts'
import { keyNames } from '../users/find-name.ts'
import type { TenantData, TenantName } from './tenants.ts'

export interface Opening {
  config: Config
  logger: FastifyBaseLogger
  models: ModelSet
  sealer?: Sealer
  /** Of the queues; others only in tests. */
  policies?: QueuePolicies | undefined
}

/** @throws {StoreError} when the store cannot be opened, or holds what the template keys do not open */
export async function openTenant (
  tenant: TenantName,
  { config, logger, models, policies, sealer = openSealer(config) }: Opening
): Promise<TenantData> {
  const settings = await settingsOf(config, tenant)
  const store = await openStore(settings, sealer, policies)
  try {
    await store.check()
    await keyNames(store)
  } catch (error) {
    await store.close()
    throw error
  }
  return {
    store,
    archive: openPhotoArchive(settings, store, sealer, error =>
      logger.error({ err: error, tenant }, 'a photo could not be kept')
    ),
    people: createPeopleIndex(store, sealer, embeddingContract(models))
  }
}
