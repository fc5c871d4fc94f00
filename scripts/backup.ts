/** Copies the SQLite store while the service runs: `npm run backup -- FILE`. */
import { existsSync } from 'node:fs'
import { loadConfig } from '../src/config/config.ts'
import { backupSqlite } from '../src/storage/sqlite/backup.ts'
import { StoreError } from '../src/storage/store-error.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

const [target] = process.argv.slice(2)
const { DATA_DIR, DATABASE_URL } = loadConfig(process.env)
try {
  if (target === undefined) throw new StoreError('store_unreachable', 'Name the file to write: npm run backup -- FILE')
  if (DATABASE_URL !== undefined) throw new StoreError('store_unsupported', 'DATABASE_URL is set: back PostgreSQL up with pg_dump.')
  console.log(`${target} holds ${await backupSqlite(DATA_DIR, target)} users`)
} catch (error) {
  if (!(error instanceof StoreError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
