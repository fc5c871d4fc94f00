import { existsSync } from 'node:fs'
import { runKeys } from '../src/access/keys-cli.ts'
import { ConfigError, loadConfig } from '../src/config.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

try {
  console.log(runKeys(process.argv.slice(2), loadConfig(process.env)))
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exitCode = 1
}
