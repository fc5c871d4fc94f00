/**
 * Removes what erasures have left in free space of large tables: `npm run finish-erasures`, in a maintenance window.
 */
import { runCommand } from '../src/cli/run-command.ts'
import { loadConfig } from '../src/config/config.ts'
import { readEnvironment } from '../src/config/environment.ts'
import { inEveryStore } from '../src/storage/existing.ts'

const usage = `npm run finish-erasures

Rewrites the database (SQLite) or its tables (PostgreSQL) of all tenants when an erasure is pending; writers wait meanwhile. Exit code 1
when something stays pending.`

await runCommand({ usage }, async () => {
  const pending = (await inEveryStore(
    loadConfig(readEnvironment()),
    store => store.finishErasures({ force: true })
  )).flat()
  console.log(
    pending.length === 0
      ? 'No erasure is pending.'
      : `Still pending: ${pending.join(', ')}. End what reads the database, then try again.`
  )
  return pending.length === 0 ? 0 : 1
})
