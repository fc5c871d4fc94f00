/**
 * Where converted models are kept: one file for each source, named by the hash of its bytes, and beside it the hash of
 * its own, as sha256sum writes and checks it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ConvertError } from './errors.ts'

/** Raised whenever the same source would give another file, so that old conversions are not found again. */
const conversion = 1

export interface Converted {
  /** The ONNX file. */
  path: string
  /** sha256 of the source, hexadecimal. */
  sourceSha256: string
}

async function sha256 (path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    throw new ConvertError(
      'unreadable_file',
      `expected a readable file at ${path}, found none (${(error as NodeJS.ErrnoException).code})`,
      { cause: error }
    )
  }
  return hash.digest('hex')
}

/** The place of the conversion of `source`, whether it exists yet or not. */
export async function convertedPath (source: string, cacheDir: string): Promise<Converted> {
  const sourceSha256 = await sha256(source)
  const stem = basename(source, extname(source)).replace(/[^\w.-]/g, '_').slice(0, 60)
  return { path: join(cacheDir, `${stem}.${sourceSha256.slice(0, 16)}.c${conversion}.onnx`), sourceSha256 }
}

export async function exists (path: string): Promise<boolean> {
  return await stat(path).then(info => info.isFile(), () => false)
}

/** Writes a conversion and its hash. */
export async function keep (path: string, bytes: Uint8Array): Promise<void> {
  await writeAtomically(path, bytes)
  await recordHash(path, createHash('sha256').update(bytes).digest('hex'))
}

/** Records the hash of a conversion that is there already. */
export async function recordHash (path: string, hash?: string): Promise<void> {
  await writeAtomically(hashFile(path), Buffer.from(`${hash ?? await sha256(path)}  ${basename(path)}\n`))
}

/** False for a conversion that is missing, was changed or damaged since, or was left without its hash. */
export async function isKept (path: string): Promise<boolean> {
  const recorded = await readFile(hashFile(path), 'utf8').catch(() => '')
  return recorded !== '' && await exists(path) && recorded.startsWith(await sha256(path))
}

export async function removeKept (path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(hashFile(path), { force: true })
}

function hashFile (path: string): string {
  return `${path}.sha256`
}

/** Writes beside the target and renames: a reader never sees half a file, and the last of two writers wins whole. */
export async function writeAtomically (path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true })
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, bytes, { flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
