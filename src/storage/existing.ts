/** For commands that read a store: they must not make one where there is none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { openStore } from './index.ts'
import { openSealer, type Sealer } from './sealing.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'

/**
 * As `openStore`, for a store that a service has used before.
 * @throws {StoreError} `store_unreachable` when there is none; nothing is created then
 */
export async function openExistingStore (config: Config, sealer: Sealer = openSealer(config)): Promise<Store> {
  const { DATA_DIR, DATABASE_URL } = config
  if (DATABASE_URL === undefined) {
    const { databaseName } = await import('./sqlite/index.ts')
    const file = join(DATA_DIR, databaseName)
    if (!existsSync(file)) throw new StoreError('store_unreachable', `There is no database ${file}: set DATA_DIR to the folder of the service.`)
  } else if (/^postgres(ql)?:/.test(DATABASE_URL)) {
    const { refuseWithoutSchema } = await import('./postgres/schema.ts')
    await refuseWithoutSchema(DATABASE_URL)
  }
  return await openStore(config, sealer)
}
