/** Which known files somebody's file, zip or folder holds, when they did not say. */
import { stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { openZip } from '../../model-tools/convert/zip.ts'
import { InstallError } from '../install-error.ts'
import type { RemoteFile } from '../manifest.ts'
import { hashFile, matches } from '../file-hash.ts'
import { archiveNames, isZip, memberPaths, plainNames } from './mirror.ts'

/**
 * Candidates by name and size, or by hash for a single file; installing checks the bytes.
 * @throws {InstallError} `not_in_source` when there is nothing at `path`
 */
export async function filesAt<F extends RemoteFile> (path: string, known: F[]): Promise<F[]> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new InstallError('not_in_source', `there is no file or folder ${path}`)
  if (found.isDirectory()) return await filesInFolder(path, known)
  if (await isZip(path)) return await filesInZip(path, known)
  const print = await hashFile(path)
  return known.filter(file => print !== null && matches(print, file))
}

async function filesInFolder<F extends RemoteFile> (folder: string, known: F[]): Promise<F[]> {
  const sizeOf = (name: string) => stat(join(folder, name)).then(({ size }) => size, () => null)
  const there = await Promise.all(known.map(async file => {
    const sizes = await Promise.all(plainNames(file).map(sizeOf))
    const archives = await Promise.all(archiveNames(file).map(sizeOf))
    return sizes.includes(file.size) || archives.some(size => size !== null)
  }))
  return known.filter((_, i) => there[i])
}

async function filesInZip<F extends RemoteFile> (path: string, known: F[]): Promise<F[]> {
  const archive = await openZip(path)
  try {
    const members = archive.names.map(name => `${posix.basename(name)} ${archive.size(name)}`)
    return known.filter(file =>
      memberPaths(file).some(path => members.includes(`${posix.basename(path)} ${file.size}`))
    )
  } finally {
    archive.close()
  }
}
