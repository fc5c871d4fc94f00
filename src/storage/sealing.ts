/** The sealer that the settings ask for. */
import { randomBytes } from 'node:crypto'
import { type Config, ConfigError } from '../config/config.ts'
import { readTextFileSync } from '../config/text-file.ts'
import { createSealer, type Sealer } from './sealer.ts'

export * from './sealer.ts'

const KEY_BYTES = 32

type SealerSettings = Pick<Config, 'TEMPLATE_KEY' | 'TEMPLATE_KEY_FILE' | 'TEMPLATE_KEYS_OLD'>

/**
 * @param acceptPlain opens plain values although there is a key, for the rotation alone: otherwise a writer of the
 *   database could slip in a template of their own
 * @throws {ConfigError} for keys that are none, without repeating them
 */
export function openSealer (settings: SealerSettings, { acceptPlain = false } = {}): Sealer {
  const current = currentKey(settings)
  const old = settings.TEMPLATE_KEYS_OLD.split(',')
    .filter(text => text.trim() !== '')
    .map(text => parseKey(text, 'TEMPLATE_KEYS_OLD'))
  return createSealer(current, old, acceptPlain)
}

/** A random key as `TEMPLATE_KEY` takes it. */
export function newTemplateKey (): string {
  return randomBytes(KEY_BYTES).toString('base64')
}

function currentKey ({ TEMPLATE_KEY, TEMPLATE_KEY_FILE }: SealerSettings): Buffer | null {
  if (TEMPLATE_KEY !== '' && TEMPLATE_KEY_FILE !== '') { throw new ConfigError('TEMPLATE_KEY and TEMPLATE_KEY_FILE are both set; keep one') }
  if (TEMPLATE_KEY !== '') return parseKey(TEMPLATE_KEY, 'TEMPLATE_KEY')
  if (TEMPLATE_KEY_FILE === '') return null
  try {
    return parseKey(readTextFileSync(TEMPLATE_KEY_FILE), 'TEMPLATE_KEY_FILE')
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`TEMPLATE_KEY_FILE cannot be read: ${(error as Error).message}`)
  }
}

function parseKey (setting: string, name: string): Buffer {
  const text = setting.trim()
  const key = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0)
  if (key.length === KEY_BYTES) return key
  throw new ConfigError(
    `${name} is expected as ${KEY_BYTES} bytes in base64 or hex; \`npm run keys -- template-key\` makes one`
  )
}
