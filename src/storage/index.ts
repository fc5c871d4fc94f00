import { type Config, ConfigError } from '../config/config.ts'
import { queuePolicies } from './queue-policies.ts'
import { openSealer, type Sealer } from './sealing.ts'
import type { Store } from './store.ts'
import { timed } from './timed.ts'
import { withCheckedNames } from './usernames.ts'

type StoreSettings = Pick<
  Config,
  | 'DATA_DIR'
  | 'DATABASE_URL'
  | 'DATABASE_POOL_MAX'
  | 'TEMPLATE_KEY'
  | 'TEMPLATE_KEY_FILE'
  | 'TEMPLATE_KEYS_OLD'
  | 'REQUEST_TIMEOUT'
>

/**
 * Opens the store that the settings name: PostgreSQL at `DATABASE_URL`, or else SQLite in `DATA_DIR`. A store is a
 * folder beside this file and a line here; only the one in use is loaded.
 * @param sealer seals the templates; another one than the settings' only for the rotation of keys
 * @param policies of the queues; others only in tests
 * @throws {ConfigError} when `DATABASE_URL` names no known store
 * @throws {StoreError} when the store cannot be opened
 */
export async function openStore (
  config: StoreSettings,
  sealer: Sealer = openSealer(config),
  policies = queuePolicies(config)
): Promise<Store> {
  const { DATA_DIR, DATABASE_URL, DATABASE_POOL_MAX } = config
  const opened = (store: Store): Store => timed(withCheckedNames(store))
  if (DATABASE_URL === undefined) {
    return opened(await (await import('./sqlite/index.ts')).openSqlite(DATA_DIR, sealer, policies))
  }
  if (/^postgres(ql)?:\/\//.test(DATABASE_URL)) {
    return opened(
      await (await import('./postgres/index.ts')).openPostgres(DATABASE_URL, DATABASE_POOL_MAX, sealer, policies)
    )
  }
  // The value stays out of the message, since it may hold a password.
  throw new ConfigError('DATABASE_URL is expected to start with postgres://; leave it empty for SQLite in DATA_DIR')
}
