/**
 * Encryption at rest: AES-256-GCM with a random 96-bit nonce for each value (NIST SP 800-38D). The context goes in as
 * additional authenticated data, so that a sealed value cannot be moved to another user or photo unnoticed.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { StoreError } from './store-error.ts'

export interface Sealed {
  /** Which key sealed the bytes; null: they are plain. */
  keyId: string | null
  bytes: Uint8Array
}

/** What makes a sealer, for another thread to make an equal one. */
export interface SealerKeys {
  /** Seals new values; null: they are stored plain. */
  current: Uint8Array | null
  old: readonly Uint8Array[]
  /** See `openSealer`. */
  acceptPlain: boolean
}

export interface Sealer {
  readonly keys: SealerKeys
  /** Id of the key that seals new values; null: values are stored plain. */
  readonly keyId: string | null
  /** True when values under this key (null: plain values) can be opened. */
  opens(keyId: string | null): boolean
  seal(plain: Uint8Array, context: string): Sealed
  /** @throws {StoreError} `store_sealed` without the key; `store_corrupt` when bytes or context were changed */
  open(sealed: Sealed, context: string): Uint8Array
  /**
   * Keys of 32 bytes for another purpose, one for each template key, the current one first. They reveal nothing of it.
   */
  derive(purpose: string): DerivedKey[]
}

export interface DerivedKey {
  /** Of the template key; null without one. */
  keyId: string | null
  /** Null without a template key. */
  key: Uint8Array | null
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
const DERIVED_KEY_BYTES = 32

export function createSealer (
  current: Uint8Array | null,
  old: readonly Uint8Array[] = [],
  acceptPlain = false
): Sealer {
  const keys = new Map([...old, ...(current === null ? [] : [current])].map(key => [keyIdOf(key), key]))
  const keyId = current === null ? null : keyIdOf(current)
  const plainOpens = acceptPlain || current === null
  return {
    keys: { current, old, acceptPlain },
    keyId,
    opens: id => (id === null ? plainOpens : keys.has(id)),
    derive: purpose => [
      ...[...keys].reverse().map(([keyId, key]) => ({
        keyId,
        key: new Uint8Array(hkdfSync('sha256', key, '', purpose, DERIVED_KEY_BYTES))
      })),
      ...(plainOpens ? [{ keyId: null, key: null }] : [])
    ],
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
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(context))
          .setAuthTag(tag)
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()])
      } catch (error) {
        throw new StoreError(
          'store_corrupt',
          'an encrypted value was changed after it was stored, or belongs to another user: restore a backup',
          error
        )
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
  return new StoreError(
    'store_sealed',
    keyId === null
      ? 'what is stored is not encrypted although TEMPLATE_KEY is set: run `npm run keys -- rotate-templates` once'
      : `what is stored is encrypted under the key ${keyId}, which is not configured: name it in TEMPLATE_KEY or TEMPLATE_KEYS_OLD`
  )
}

/** Stores values as they are. */
export const plainSealer = createSealer(null)

/** The start of the key's hash: distinguishes keys and reveals nothing about them. */
export function keyIdOf (key: Uint8Array): string {
  return createHash('sha256').update('template key id').update(key).digest('hex').slice(0, 16)
}
