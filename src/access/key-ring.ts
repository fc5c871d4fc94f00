/** The keys in use: those of `API_KEYS` and those of the key file, which is read again when it changes. */
import type { Config } from '../config/config.ts'
import { fileVersion, keyFilePath, readKeyFile } from './key-file.ts'
import { findKey, parseKeySetting, refuseSameNames, type StoredKey } from './keys.ts'

/** A removed key stops working after this time at the latest, milliseconds. */
export const KEY_FILE_CHECK_MS = 1000

export interface KeyRing {
  /**
   * True once there was a key or a key file. It never turns false again while the process lives: a key file that goes
   * away must not open the service.
   */
  readonly configured: boolean
  find (secret: string): StoredKey | null
}

/**
 * @param onError called when a changed key file cannot be used; the keys read before stay in use
 * @param now milliseconds; another clock only in tests
 * @throws {ConfigError}
 */
export function openKeyRing (
  config: Pick<Config, 'API_KEYS' | 'API_KEYS_FILE' | 'DATA_DIR'>,
  onError: (error: unknown) => void,
  now: () => number = Date.now
): KeyRing {
  const path = keyFilePath(config)
  const fromSetting = parseKeySetting(config.API_KEYS)
  let version = fileVersion(path)
  let checkedAt = now()
  let fromFile = readKeyFile(path)
  let configured = fromSetting.length > 0 || fromFile !== null || config.API_KEYS_FILE !== ''
  refuseSameNames([...fromSetting, ...(fromFile ?? [])])

  const refresh = (): void => {
    if (now() - checkedAt < KEY_FILE_CHECK_MS) return
    checkedAt = now()
    const current = fileVersion(path)
    if (current === version) return
    version = current
    try {
      const keys = readKeyFile(path)
      refuseSameNames([...fromSetting, ...(keys ?? [])])
      fromFile = keys
      configured ||= keys !== null
    } catch (error) {
      onError(error)
    }
  }

  return {
    get configured () {
      refresh()
      return configured
    },
    find (secret) {
      refresh()
      return findKey([...fromSetting, ...(fromFile ?? [])], secret)
    }
  }
}
