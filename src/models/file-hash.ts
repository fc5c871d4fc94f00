import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { RemoteFile } from './manifest.ts'

/** Size in bytes and sha256 in hexadecimal digits. */
export interface FileHash {
  size: number
  sha256: string
}

/** Reads the whole file, streamed. Null when there is no such file. */
export async function hashFile (path: string): Promise<FileHash | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { size: found.size, sha256: hash.digest('hex') }
}

export function matches (found: FileHash, expected: Pick<RemoteFile, 'size' | 'sha256'>): boolean {
  return found.size === expected.size && found.sha256 === expected.sha256
}
