/** Removes what erasures have left in free space of large tables: `npm run finish-erasures`, in a maintenance window. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, loadConfig } from '../src/config/config.ts'
import { openStore } from '../src/storage/index.ts'
import { databaseName } from '../src/storage/sqlite/connection.ts'
import { StoreError } from '../src/storage/store-error.ts'

const USAGE = `Usage: npm run finish-erasures
Rewrites the database (SQLite) or its tables (PostgreSQL) when an erasure is pending; writers wait meanwhile.`

if (existsSync('.env')) process.loadEnvFile('.env')

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } })
  if (values.help === true) console.log(USAGE)
  else await finish()
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StoreError || error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function finish (): Promise<void> {
  const config = loadConfig(process.env)
  const file = join(config.DATA_DIR, databaseName)
  if (config.DATABASE_URL === undefined && !existsSync(file)) {
    throw new StoreError('store_unreachable', `There is no database ${file}: set DATA_DIR to the folder of the service.`)
  }
  const store = await openStore(config)
  try {
    const pending = await store.finishErasures({ force: true })
    console.log(pending.length === 0 ? 'No erasure is pending.' : `Still pending: ${pending.join(', ')}. End what reads the database, then try again.`)
    process.exitCode = pending.length === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}
