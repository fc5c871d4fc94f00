/** Wanted files out of files on this machine. */
import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import { ConvertError } from '../../model-tools/convert/errors.ts'
import { openZip, type ZipArchive } from '../../model-tools/convert/zip.ts'
import type { DownloadContext } from './fetcher.ts'
import { InstallError } from '../install-error.ts'
import type { RemoteFile } from '../manifest.ts'

export interface Member {
  file: RemoteFile
  /** What it may be called inside the archive, likeliest first. */
  paths: string[]
}

/**
 * Streams members out of a zip. Names inside it only choose what to read: the target is always the manifest's. A member
 * in another folder of the archive is found as well, since people pack such files anew.
 * @throws {InstallError} `damaged_download` or `not_in_source`, after the members that could be had were written
 */
export async function unpack (zip: string, members: Member[], context: DownloadContext): Promise<void> {
  try {
    const archive = await openZip(zip)
    try {
      const failures: unknown[] = []
      for (const member of members) {
        await writeMember(archive, member, context).catch(error => failures.push(error))
        context.signal.throwIfAborted()
      }
      if (failures.length > 0) throw failures[0]
    } finally {
      archive.close()
    }
  } catch (error) {
    throw error instanceof ConvertError ? new InstallError('damaged_download', error.message, error) : error
  }
}

async function writeMember (archive: ZipArchive, { file, paths }: Member, context: DownloadContext): Promise<void> {
  const bareNames = new Set(paths.map(path => posix.basename(path)))
  const name = paths.find(path => archive.has(path)) ??
    archive.names.find(other => bareNames.has(posix.basename(other)))
  if (name === undefined) { throw new InstallError('not_in_source', `the archive has no file ${[...bareNames].join(' or ')}`) }
  await context.write(file, archive.stream(name), context.signal)
}

/** Writes one wanted file from a file on this machine. */
export async function copy (path: string, file: RemoteFile, context: DownloadContext): Promise<void> {
  await context.write(file, createReadStream(path), context.signal)
}
