/** For commands that read a store: they must not make one where there is none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { openStore } from './index.ts'
import { openSealer, type Sealer } from './sealing.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'
import { existingTenants, settingsOf } from './tenants.ts'

/**
 * As `openStore`, for a store that a service has used before.
 * @param tenant whose store it is; null: that of the default namespace
 * @throws {StoreError} `store_unreachable` when there is none; nothing is created then
 */
export async function openExistingStore (
  config: Config, sealer: Sealer = openSealer(config), tenant: string | null = null
): Promise<Store> {
  const settings = await settingsOf(config, tenant)
  const { DATA_DIR, DATABASE_URL } = settings
  if (DATABASE_URL === undefined) {
    const { databaseName } = await import('./sqlite/index.ts')
    const file = join(DATA_DIR, databaseName)
    if (!existsSync(file)) {
      throw new StoreError(
        'store_unreachable',
        `There is no database ${file}: set DATA_DIR to the folder of the service.`
      )
    }
  } else if (/^postgres(ql)?:/.test(DATABASE_URL)) {
    const { refuseWithoutSchema } = await import('./postgres/schema.ts')
    await refuseWithoutSchema(DATABASE_URL)
  }
  return await openStore(settings, sealer)
}

/**
 * Does the same in the store of the default namespace and in that of every tenant, one after the other.
 * @throws {StoreError} `store_unreachable` when there is no store
 */
export async function inEveryStore<T> (
  config: Config, work: (store: Store, tenant: string | null) => Promise<T>, sealer: Sealer = openSealer(config)
): Promise<T[]> {
  const done: T[] = []
  for (const tenant of [null, ...await existingTenants(config)]) {
    const store = await openExistingStore(config, sealer, tenant)
    try {
      done.push(await work(store, tenant))
    } finally {
      await store.close()
    }
  }
  return done
}
