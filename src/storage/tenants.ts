/**
 * A tenant's data lie apart from all others': in a folder of their own and, on PostgreSQL, in a schema of their own.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from '../config/config.ts'

/** Also the name of a folder, and part of the name of a schema. */
export const TENANT_NAME = /^[a-z][a-z0-9_]{0,29}$/

type Places = Pick<Config, 'DATA_DIR' | 'DATABASE_URL'>

/**
 * The settings that open the store and the photos of a tenant; null: the default namespace.
 * @throws {ConfigError} for a name that no tenant may have
 */
export async function settingsOf<Settings extends Places> (config: Settings, tenant: string | null): Promise<Settings> {
  if (tenant === null) return config
  if (!TENANT_NAME.test(tenant)) {
    throw new ConfigError(
      `The tenant ${JSON.stringify(tenant)} must have 1 to 30 lower-case letters, digits or "_", and begin with a letter.`
    )
  }
  const { DATA_DIR, DATABASE_URL } = config
  const DATABASE_OF_TENANT =
    DATABASE_URL === undefined ? undefined : (await postgres()).urlOfTenant(DATABASE_URL, tenant)
  return { ...config, DATA_DIR: join(foldersIn(DATA_DIR), tenant), DATABASE_URL: DATABASE_OF_TENANT }
}

/** Tenants that have a store already, in order, whether or not a key of theirs is left. Creates nothing. */
export async function existingTenants ({ DATA_DIR, DATABASE_URL }: Places): Promise<string[]> {
  if (DATABASE_URL !== undefined) {
    return (await (await postgres()).tenantsIn(DATABASE_URL)).filter(name => TENANT_NAME.test(name))
  }
  const { databaseName } = await import('./sqlite/index.ts')
  const folder = foldersIn(DATA_DIR)
  const names = await readdir(folder).catch(() => [])
  return names.filter(name => TENANT_NAME.test(name) && existsSync(join(folder, name, databaseName))).sort()
}

function foldersIn (dataDir: string): string {
  return join(dataDir, 'tenants')
}

/** Loaded only where it is in use. */
const postgres = () => import('./postgres/tenant-schema.ts')
