/** Copies the SQLite store while the service runs. */
import { runCommand, UsageError } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { backupSqlite } from '../src/storage/sqlite/backup.ts'
import { StoreError } from '../src/storage/store-error.ts'
import { settingsOf } from '../src/storage/tenants.ts'

const usage = `npm run backup -- FILE [--tenant NAME]

Copies the SQLite database to a new file, while the service runs, and checks the copy. Each tenant has a database of its own.`

await runCommand(
  { usage, options: { tenant: { type: 'string' } }, mostArguments: 1 },
  async ({ args: [target], values: { tenant } }) => {
    if (target === undefined) throw new UsageError('Name the file to write: npm run backup -- FILE.')
    const { DATA_DIR, DATABASE_URL } = await settingsOf(
      loadConfig(readEnvironment()),
      (tenant as string | undefined) ?? null
    )
    if (DATABASE_URL !== undefined) { throw new StoreError('store_unsupported', 'DATABASE_URL is set: back PostgreSQL up with pg_dump.') }
    console.log(`${target} holds ${await backupSqlite(DATA_DIR, target)} users`)
  }
)
