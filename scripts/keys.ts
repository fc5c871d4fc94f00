import { existsSync } from 'node:fs'
import { runKeys } from '../src/access/keys-cli.ts'
import { ConfigError, loadConfig } from '../src/config/config.ts'
import { rotateTemplates } from '../src/storage/rotate.ts'
import { StoreError } from '../src/storage/store-error.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

try {
  const args = process.argv.slice(2)
  const config = loadConfig(process.env)
  console.log(args[0] === 'rotate-templates' ? await rotateTemplates(config) : runKeys(args, config))
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof StoreError ? error.message : error)
  process.exitCode = 1
}
