import { existsSync } from 'node:fs'
import { runAudit } from '../src/audit/audit-cli.ts'
import { ConfigError, loadConfig } from '../src/config/config.ts'
import { openStore } from '../src/storage/index.ts'
import { StoreError } from '../src/storage/store-error.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

try {
  const store = await openStore(loadConfig(process.env))
  try {
    const { output, ok } = await runAudit(process.argv.slice(2), store)
    console.log(output)
    process.exitCode = ok ? 0 : 1
  } finally {
    await store.close()
  }
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof StoreError ? error.message : error)
  process.exitCode = 2
}
