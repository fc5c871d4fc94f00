/**
 * Encryption at rest: AES-256-GCM with a random 96-bit nonce for each value (NIST SP 800-38D). The context goes in as
 * additional authenticated data, so that a sealed value cannot be moved to another user or photo unnoticed.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Config, ConfigError } from '../config/config.ts'
import { StoreError } from './store-error.ts'

export interface Sealed {
  /** Which key sealed the bytes; null: they are plain. */
  keyId: string | null
  bytes: Uint8Array
}

export interface Sealer {
  /** Id of the key that seals new values; null: values are stored plain. */
  readonly keyId: string | null
  /** True when values under this key (null: plain values) can be opened. */
  opens (keyId: string | null): boolean
  seal (plain: Uint8Array, context: string): Sealed
  /** @throws {StoreError} `store_sealed` without the key; `store_corrupt` when bytes or context were changed */
  open (sealed: Sealed, context: string): Uint8Array
}

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

type SealerSettings = Pick<Config, 'TEMPLATE_KEY' | 'TEMPLATE_KEY_FILE' | 'TEMPLATE_KEYS_OLD'>

/**
 * @param acceptPlain opens plain values although there is a key, for the rotation alone: otherwise whoever can write
 *   to the database could slip in a template of their own
 * @throws {ConfigError} for keys that are none, without repeating them
 */
export function openSealer (settings: SealerSettings, { acceptPlain = false } = {}): Sealer {
  const current = currentKey(settings)
  const old = settings.TEMPLATE_KEYS_OLD.split(',').filter(text => text.trim() !== '').map(text => parseKey(text, 'TEMPLATE_KEYS_OLD'))
  return createSealer(current, old, acceptPlain)
}

export function createSealer (current: Buffer | null, old: readonly Buffer[] = [], acceptPlain = false): Sealer {
  const keys = new Map([...old, ...current === null ? [] : [current]].map(key => [keyIdOf(key), key]))
  const keyId = current === null ? null : keyIdOf(current)
  const plainOpens = acceptPlain || current === null
  return {
    keyId,
    opens: id => id === null ? plainOpens : keys.has(id),
    seal (plain, context) {
      if (current === null) return { keyId, bytes: plain }
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(context))
      const bytes = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      return { keyId, bytes }
    },
    open ({ keyId, bytes }, context) {
      if (keyId === null) {
        if (plainOpens) return bytes
        throw sealedOtherwise(keyId)
      }
      const key = keys.get(keyId)
      if (key === undefined) throw sealedOtherwise(keyId)
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const tag = bytes.subarray(Math.max(NONCE_BYTES, bytes.length - TAG_BYTES))
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context)).setAuthTag(tag)
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()])
      } catch (error) {
        throw new StoreError('store_corrupt', 'an encrypted value was changed after it was stored, or belongs to another user: restore a backup', error)
      }
    }
  }
}

/**
 * @param keyIds under which something is stored
 * @throws {StoreError} `store_sealed` for the first that the sealer cannot open
 */
export function refuseSealedOtherwise (sealer: Sealer, keyIds: readonly (string | null)[]): void {
  const closed = keyIds.find(keyId => !sealer.opens(keyId))
  if (closed !== undefined) throw sealedOtherwise(closed)
}

function sealedOtherwise (keyId: string | null): StoreError {
  return new StoreError('store_sealed', keyId === null
    ? 'what is stored is not encrypted although TEMPLATE_KEY is set: run `npm run keys -- rotate-templates` once'
    : `what is stored is encrypted under the key ${keyId}, which is not configured: name it in TEMPLATE_KEY or TEMPLATE_KEYS_OLD`)
}

/** Stores values as they are. */
export const plainSealer = createSealer(null)

/** A random key as `TEMPLATE_KEY` takes it. */
export function newTemplateKey (): string {
  return randomBytes(KEY_BYTES).toString('base64')
}

/** The start of the key's hash: tells keys apart and says nothing about them. */
export function keyIdOf (key: Buffer): string {
  return createHash('sha256').update('template key id').update(key).digest('hex').slice(0, 16)
}

function currentKey ({ TEMPLATE_KEY, TEMPLATE_KEY_FILE }: SealerSettings): Buffer | null {
  if (TEMPLATE_KEY !== '' && TEMPLATE_KEY_FILE !== '') throw new ConfigError('TEMPLATE_KEY and TEMPLATE_KEY_FILE are both set; keep one')
  if (TEMPLATE_KEY !== '') return parseKey(TEMPLATE_KEY, 'TEMPLATE_KEY')
  if (TEMPLATE_KEY_FILE === '') return null
  try {
    return parseKey(readFileSync(TEMPLATE_KEY_FILE, 'utf8'), 'TEMPLATE_KEY_FILE')
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
  throw new ConfigError(`${name} is expected as ${KEY_BYTES} bytes in base64 or hex; \`npm run keys -- template-key\` makes one`)
}
