/** The file `.env` in the project's folder. */
import { parseEnv } from 'node:util'
import { closest } from './closest.ts'
import { ConfigError, SettingsSchema } from './config.ts'
import { fromProject } from './project-folder.ts'
import { readTextFileSync } from './text-file.ts'

/** Variables of the same file that other programs read, by name or by prefix. */
const others = /^(NODE|NPM|OTEL|PG|POSTGRES|COMPOSE|DOCKER|GLOBAL_AGENT)_?|_PROXY$|^(TZ|LANG|CHROMIUM_PATH)$/i

/**
 * The environment, with what `.env` adds to it: a variable that is set already keeps its value.
 * @param path of another file only in tests
 * @throws {ConfigError} when the file cannot be read as text, or names a setting wrongly
 */
export function readEnvironment (env: NodeJS.ProcessEnv = process.env, path = fromProject('.env')): NodeJS.ProcessEnv {
  const found = readSettings(path)
  const problems = Object.keys(found).flatMap(name => misspelt(name) ?? [])
  if (problems.length > 0) throw new ConfigError(`${path}: ${problems.join('; ')}`)
  // Libraries look for their own variables there.
  for (const [name, value] of Object.entries(found)) env[name] ??= value
  return env
}

/** Names in `.env` that are no settings and do not belong to another known program. */
export function unknownNames (path = fromProject('.env')): string[] {
  return Object.keys(readSettings(path)).filter(name => !(name in SettingsSchema.properties) && !others.test(name))
}

function readSettings (path: string): Record<string, string> {
  try {
    return parseEnv(readTextFileSync(path)) as Record<string, string>
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return {}
    throw error instanceof ConfigError ? error : new ConfigError(`${path} cannot be read: ${message}`)
  }
}

function misspelt (name: string): string | null {
  const known = Object.keys(SettingsSchema.properties)
  if (known.includes(name) || others.test(name)) return null
  const meant = closest(name, known)
  return meant === null ? null : `there is no setting ${name}; did you mean ${meant}?`
}
