import type { Config } from '../config.ts'
import type { Store } from './store.ts'

/**
 * Opens the store that the settings name: SQLite in `DATA_DIR`.
 * @throws {StoreError} when it cannot be opened
 */
export async function openStore (config: Pick<Config, 'DATA_DIR'>): Promise<Store> {
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(config.DATA_DIR)
}
