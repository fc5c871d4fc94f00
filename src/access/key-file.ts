/** The file of salted key hashes: written by `npm run keys`, read by the service. */
import { chmodSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError } from '../config/config.ts'
import { readTextFileSync } from '../config/text-file.ts'
import { parseKeyFile, type StoredKey } from './keys.ts'

export function keyFilePath ({ API_KEYS_FILE, DATA_DIR }: Pick<Config, 'API_KEYS_FILE' | 'DATA_DIR'>): string {
  return API_KEYS_FILE === '' ? join(DATA_DIR, 'api-keys.json') : API_KEYS_FILE
}

/**
 * The stored keys; null when there is no such file.
 * @throws {ConfigError} when the file cannot be read or is no key file
 */
export function readKeyFile (path: string): StoredKey[] | null {
  try {
    return parseKeyFile(readTextFileSync(path), path)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new ConfigError(`The key file ${path} cannot be read: ${(error as Error).message}`)
  }
}

/** Replaces the file whole, so that a running service never reads half of it. */
export function writeKeyFile (path: string, keys: readonly StoredKey[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.${process.pid}.part`
  writeFileSync(part, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 })
  chmodSync(part, 0o600)
  renameSync(part, path)
}

/** Changes whenever the file is replaced; empty without a file. */
export function fileVersion (path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`
}
