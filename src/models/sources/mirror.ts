/** Files from a place that the operator names: a folder, a base address, a zip, or the file itself. */
import { open, stat } from 'node:fs/promises'
import { join, posix, resolve } from 'node:path'
import { InstallError } from '../install-error.ts'
import type { RemoteFile } from '../manifest.ts'
import { hashFile, matches } from '../file-hash.ts'
import { copy, type Member, unpack } from './archive.ts'
import type { DownloadContext, Fetcher, MirrorSource } from './fetcher.ts'
import { fetchFrom } from './https.ts'

/** Where files lie by name. Both resolve to false when there is nothing of that name. */
interface Mirror {
  fetch (name: string, file: RemoteFile): Promise<boolean>
  unpack (name: string, members: Member[]): Promise<boolean>
}

export const mirror: Fetcher<MirrorSource> = {
  origin: ({ base }) => base,

  async fetch (wanted, context) {
    const { base } = wanted[0]!.source
    const files = wanted.map(({ file }) => file)
    if (/^https?:\/\//.test(base)) return await fromMirror(mirrorAddress(base, context), files, base)
    const found = await stat(base).catch(() => null)
    if (found === null) throw new InstallError('not_in_source', `there is no file or folder ${resolve(base)}`)
    if (found.isDirectory()) return await fromMirror(mirrorFolder(base, context), files, resolve(base))
    if (await isZip(base)) return await unpack(base, files.map(file => ({ file, paths: memberPaths(file) })), context)
    await fromFile(base, files, context)
  }
}

/**
 * Names that a file may have by itself: its place in MODELS_DIR, its bare name there, and the name it was published
 * under.
 */
export function plainNames (file: RemoteFile): string[] {
  return [...new Set([file.file, posix.basename(file.file), ...memberPaths(file).map(path => posix.basename(path))])]
}

/** Paths that a file may have inside an archive. */
export function memberPaths (file: RemoteFile): string[] {
  const published = file.sources.map(source =>
    source.type === 'https' ? (source.path ?? new URL(source.url).pathname) : source.path
  )
  return [...new Set([...published, file.file])]
}

/** The archives that a file is published in. */
export function archiveNames (file: RemoteFile): string[] {
  return file.sources.flatMap(source =>
    source.type === 'https' && source.path !== undefined ? [posix.basename(new URL(source.url).pathname)] : []
  )
}

/** Files by themselves first; then each archive once, for all the files that may still be in it. */
async function fromMirror (mirror: Mirror, files: RemoteFile[], base: string): Promise<void> {
  const left = new Set(files)
  for (const file of files) {
    for (const name of plainNames(file)) {
      if (!await mirror.fetch(name, file)) continue
      left.delete(file)
      break
    }
  }
  for (const name of new Set(files.flatMap(archiveNames))) {
    const members = [...left].filter(file => archiveNames(file).includes(name)).map(file => ({
      file,
      paths: memberPaths(file)
    }))
    if (members.length > 0 && await mirror.unpack(name, members)) members.forEach(({ file }) => left.delete(file))
  }
  const names = (file: RemoteFile) => [...plainNames(file), ...archiveNames(file)].join(', ')
  if (left.size > 0) { throw new InstallError('not_in_source', [...left].map(file => `${base} has none of ${names(file)}`).join('; ')) }
}

function mirrorFolder (folder: string, context: DownloadContext): Mirror {
  const isFile = (path: string) => stat(path).then(found => found.isFile(), () => false)
  return {
    async fetch (name, file) {
      const path = join(folder, name)
      if (!await isFile(path)) return false
      await copy(path, file, context)
      return true
    },
    async unpack (name, members) {
      const path = join(folder, name)
      if (!await isFile(path)) return false
      await unpack(path, members, context)
      return true
    }
  }
}

function mirrorAddress (base: string, context: DownloadContext): Mirror {
  const address = (name: string) => new URL(name, base.endsWith('/') ? base : `${base}/`).href
  const unlessMissing = (work: Promise<void>) => work.then(() => true, error => {
    if (error instanceof InstallError && error.code === 'not_in_source') return false
    throw error
  })
  return {
    fetch: (name, file) => unlessMissing(fetchFrom(address(name), [{ file }], context)),
    unpack: (name, members) => unlessMissing(fetchFrom(address(name), members, context))
  }
}

/** A file is known by its bytes; its name does not matter. */
async function fromFile (path: string, files: RemoteFile[], context: DownloadContext): Promise<void> {
  const found = await hashFile(path)
  const file = files.find(file => found !== null && matches(found, file))
  if (file === undefined) {
    const known = files.map(({ file, size, sha256 }) => `${file} (${size} bytes, sha256 ${sha256})`).join(', ')
    throw new InstallError(
      'not_in_source',
      `expected ${known} in ${resolve(path)}, found ${found?.size} bytes, sha256 ${found?.sha256}`
    )
  }
  await copy(path, file, context)
  if (files.length > 1) throw new InstallError('not_in_source', `${resolve(path)} is ${file.file} alone`)
}

/** Local file header, or the end record of an empty zip (PKWARE APPNOTE 4.3). */
export async function isZip (path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(4)
    await handle.read(head, 0, 4, 0)
    return ['504b0304', '504b0506'].includes(head.toString('hex'))
  } finally {
    await handle.close()
  }
}
