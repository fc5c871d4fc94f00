import { createHash, randomUUID } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { InstallError } from './install-error.ts'
import type { RemoteFile } from './manifest.ts'

const partSuffix = '.part'
const STALE_AFTER_MS = 60 * 60 * 1000

/**
 * Streams `chunks` into a temporary file beside `target`, and renames it onto `target` once size and sha256 are the
 * expected ones and the bytes are on disk. Readers see either no file or the whole one; writers at the same time each
 * have their own temporary file. The folder of `target` must exist.
 * @throws {InstallError} `wrong_size`, `wrong_sha256`, `not_writable` or `aborted`; the temporary file is gone then
 */
export async function writeVerified (
  target: string, expected: RemoteFile, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal
): Promise<void> {
  const part = `${target}.${randomUUID()}${partSuffix}`
  try {
    const file = await open(part, 'wx').catch(notWritable(target))
    try {
      const hash = createHash('sha256')
      let size = 0
      await pipeline(chunks, async source => {
        for await (const chunk of source) {
          size += chunk.length
          if (size > expected.size) throw wrongSize(expected, `more than ${expected.size}`)
          hash.update(chunk)
          await file.writeFile(chunk).catch(notWritable(target))
        }
      }, { signal })
      if (size !== expected.size) throw wrongSize(expected, String(size))
      const sha256 = hash.digest('hex')
      if (sha256 !== expected.sha256) {
        throw new InstallError('wrong_sha256', `${expected.file}: expected sha256 ${expected.sha256}, found ${sha256}`)
      }
      await file.sync().catch(notWritable(target))
    } finally {
      await file.close()
    }
    signal.throwIfAborted()
    await rename(part, target).catch(notWritable(target))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncFolder(dirname(target))
}

/** Removes temporary files that a killed process left in `folder`: those that nobody has written to for an hour. */
export async function removeStaleParts (folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(partSuffix)) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found !== null && Date.now() - found.mtimeMs > STALE_AFTER_MS) await rm(path, { force: true })
  }
}

function wrongSize (expected: RemoteFile, found: string): InstallError {
  return new InstallError('wrong_size', `${expected.file}: expected ${expected.size} bytes, found ${found}`)
}

export function notWritable (path: string): (cause: Error) => never {
  return cause => {
    throw new InstallError(
      'not_writable',
      `${path} cannot be written: ${cause.message}. Check the permissions and the free space of its folder, or choose another folder with MODELS_DIR`,
      cause
    )
  }
}

/** Makes the new name itself durable. Windows cannot open folders and needs none of it. */
async function syncFolder (folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
