/**
 * The settings of the service: one schema that validates the environment, gives the defaults and documents them.
 * A setting's name in code is its name in the environment. An empty value counts as not set.
 */
import { totalmem } from 'node:os'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { defaultMemoryLimit } from './memory-limit.ts'
import { ConfigError } from './config-error.ts'
import { fromProject } from './project-folder.ts'
import { accessSettings } from './settings/access.ts'
import { capacitySettings } from './settings/capacity.ts'
import { fileSettings } from './settings/files.ts'
import { fraudSettings } from './settings/fraud.ts'
import { jobSettings } from './settings/jobs.ts'
import { livenessSettings } from './settings/liveness.ts'
import { modelSettings } from './settings/models.ts'
import { objectSettings } from './settings/objects.ts'
import { observabilitySettings } from './settings/observability.ts'
import { privacySettings } from './settings/privacy.ts'
import { serverSettings } from './settings/server.ts'
import { uploadSettings } from './settings/uploads.ts'

/** In the order of docs/configuration.md and .env.example. */
export const SettingsSchema = Type.Object({
  ...serverSettings,
  ...accessSettings,
  ...fraudSettings,
  ...privacySettings,
  ...jobSettings,
  ...uploadSettings,
  ...fileSettings,
  ...capacitySettings,
  ...modelSettings,
  ...livenessSettings,
  ...objectSettings,
  ...observabilitySettings
})

export type Config = Static<typeof SettingsSchema>

export { ConfigError }

/**
 * Reads the settings from an environment.
 * @throws {ConfigError} naming every setting whose value cannot be used
 */
export function loadConfig (env: Record<string, string | undefined>): Config {
  const found: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, schema] of Object.entries(SettingsSchema.properties)) {
    const text = env[name]?.trim()
    const value = text === undefined || text === '' ? schema.default : Value.Convert(schema, text)
    if (value === undefined) continue
    if (Value.Check(schema, value)) found[name] = 'relativeTo' in schema ? absolute(String(value)) : value
    else problems.push(`${name}=${text} is not ${expectation(schema)}`)
  }
  if (problems.length > 0) throw new ConfigError(problems.join('; '))
  const config = found as Config
  if (isUnset(env.WORKER_THREADS)) {
    config.WORKER_THREADS = Math.max(1, Math.floor(config.WORKER_THREADS / config.WEB_CONCURRENCY))
  }
  if (isUnset(env.IDLE_THREADS)) config.IDLE_THREADS = Math.min(config.IDLE_THREADS, config.WORKER_THREADS)
  if (isUnset(env.MEMORY_LIMIT_MB)) {
    config.MEMORY_LIMIT_MB = defaultMemoryLimit(process.constrainedMemory(), totalmem(), config.WEB_CONCURRENCY)
  }
  return config
}

/** An empty value and an address stay as they are. */
function absolute (path: string): string {
  return path === '' || /^https?:\/\//.test(path) ? path : fromProject(path)
}

function isUnset (text: string | undefined): boolean {
  return text === undefined || text.trim() === ''
}

/** A setting's schema in words, for messages and for the configuration table. */
export function expectation (schema: TSchema): string {
  if (Array.isArray(schema.anyOf)) return `one of ${schema.anyOf.map((option: TSchema) => option.const).join(', ')}`
  if (schema.type === 'boolean') return 'true or false'
  const bounds = [
    schema.minimum !== undefined && `at least ${schema.minimum}`,
    schema.exclusiveMinimum !== undefined && `above ${schema.exclusiveMinimum}`,
    schema.maximum !== undefined && `at most ${schema.maximum}`,
    schema.multipleOf !== undefined && `a multiple of ${schema.multipleOf}`
  ].filter(Boolean).join(', ')
  const kind = schema.type === 'integer' ? 'a whole number' : schema.type === 'number' ? 'a number' : 'a text'
  return bounds === '' ? kind : `${kind}, ${bounds}`
}
