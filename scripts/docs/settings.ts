/** The settings as documents: a Markdown table and `.env.example`, both from the one schema. */
import type { TSchema } from '@sinclair/typebox'
import { expectation, SettingsSchema } from '../../src/config/config.ts'

/** Settings whose default depends on the machine, in words. */
const defaults: Record<string, string> = {
  WORKER_THREADS: 'available cores',
  IDLE_THREADS: 'workers, at most 4',
  MEMORY_LIMIT_MB: 'of the container'
}

/** The description, and what values are allowed where that is not any text. */
function meaning (schema: TSchema): string {
  const allowed = expectation(schema)
  return allowed === 'a text' ? schema.description! : `${schema.description} (${allowed})`
}

function defaultOf (name: string, schema: TSchema): string {
  return defaults[name] ?? (schema.default === undefined ? '' : String(schema.default))
}

/** One row a setting: name, default, allowed values, meaning. */
export function settingsTable (): string {
  const rows = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const fallback = defaultOf(name, schema)
    return `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning(schema)} |`
  })
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

/** Every setting commented out with its default, ready to be copied to `.env`. */
export function envExample (): string {
  const blocks = Object.entries(SettingsSchema.properties).map(([name, schema]) =>
    `# ${meaning(schema)}\n# ${name}=${name in defaults ? '' : defaultOf(name, schema)}`)
  return ['# Copy to .env and uncomment what you change.', ...blocks, ''].join('\n\n').trimEnd() + '\n'
}
