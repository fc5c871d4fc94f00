/** Which photos teach what: from folders, or from a table of labels. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseCsv } from './csv.ts'
import type { PhotoClass } from './teach.ts'
import { TeachingError } from './teaching-error.ts'

export interface ListedPhoto {
  file: string
  class: PhotoClass
  origin: string
  /** The bytes of a photo that is no file; `file` is then what people know it by. */
  read?: () => Promise<Uint8Array>
}

export function bytesOf ({ file, read }: Pick<ListedPhoto, 'file' | 'read'>): Promise<Uint8Array> {
  return read === undefined ? readFile(file) : read()
}

export interface HashedPhoto extends ListedPhoto { sha256: string }

const photoName = /\.(jpe?g|png|webp)$/i

/** Folders by class. In a folder each folder is an origin; a photo that lies in none is an origin of its own. */
export async function photosInFolders (folders: Record<PhotoClass, string[]>): Promise<ListedPhoto[]> {
  const all = Object.values(folders).flat().map(folder => resolve(folder))
  const inside = all.flatMap(folder =>
    all
      .filter(other => other !== folder && `${folder}${sep}`.startsWith(`${other}${sep}`))
      .map(other => `${folder} lies in ${other}`)
  )
  if (inside.length > 0 || new Set(all).size < all.length) {
    throw new TeachingError(
      'overlapping_folders',
      `Expected folders that share no photos, found ${inside[0] ?? 'one named twice'}. Keep photos of the task, others and near misses apart.`
    )
  }
  const lists = await Promise.all(
    Object.entries(folders).flatMap(([name, list]) => list.map(folder => photosInFolder(folder, name as PhotoClass)))
  )
  return lists.flat()
}

async function photosInFolder (folder: string, kind: PhotoClass): Promise<ListedPhoto[]> {
  const entries = await readdir(
    folder,
    { recursive: true, withFileTypes: true }
  ).catch((cause: NodeJS.ErrnoException) => {
    throw new TeachingError(
      'unreadable_folder',
      `Expected a folder of photos at ${folder}, found none (${cause.code}). Name one with --${kind}.`
    )
  })
  const files = entries
    .filter(entry => entry.isFile() && photoName.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) {
    throw new TeachingError(
      'no_photos',
      `Expected JPEG, PNG or WebP photos in ${folder}, found none. Name another folder with --${kind}.`
    )
  }
  return files.map(file => ({ file, class: kind, origin: originOf(file, folder) }))
}

function originOf (file: string, folder: string): string {
  const [first] = relative(folder, file).split(sep)
  return join(folder, first!)
}

/** The columns of a labels file that teach a task. */
const columns = ['file', 'label', 'origin']

/**
 * A table with the columns file (below the table's folder), label and origin, and perhaps hard_negative_for: photos
 * with the label `task` teach it, those that are named as its hard negatives are near misses, all others teach what it
 * is not.
 */
export async function photosInTable (path: string, task: string): Promise<ListedPhoto[]> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new TeachingError(
      'unreadable_table',
      `Expected a table of labels at ${path}, found none (${cause.code}). Name one with --labels.`
    )
  })
  const rows = parseCsv(text)
  const missing = columns.filter(column => rows[0]?.[column] === undefined)
  if (missing.length > 0) {
    throw new TeachingError(
      'unreadable_table',
      `Expected ${path} to have the columns ${columns.join(', ')} and at least one row, found no ${missing.join(', ')}. Add them to its first line.`
    )
  }
  return rows.map(row => ({
    file: join(dirname(path), row['file']!),
    class: row['label'] === task ? 'yes' : row['hard_negative_for'] === task ? 'near' : 'no',
    origin: row['origin']!
  }))
}

/** Photos by their bytes: each once. `refused` says why a file is not used. */
export async function hashPhotos (photos: readonly ListedPhoto[]): Promise<{
  photos: HashedPhoto[],
  refused: { file: string, reason: string }[]
}> {
  const seen = new Map<string, HashedPhoto>()
  const refused: { file: string, reason: string }[] = []
  const conflicts: string[] = []
  for (const photo of photos) {
    const bytes = await bytesOf(photo).catch(() => null)
    if (bytes === null) {
      refused.push({ file: photo.file, reason: 'cannot be read' })
      continue
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const before = seen.get(sha256)
    if (before === undefined) seen.set(sha256, { ...photo, sha256 })
    else if ((before.class === 'yes') !== (photo.class === 'yes')) conflicts.push(`${before.file} and ${photo.file}`)
    else refused.push({ file: photo.file, reason: `is the same photo as ${before.file}` })
  }
  if (conflicts.length > 0) {
    throw new TeachingError(
      'contradicting_photos',
      `Expected each photo to show the task or not, found ${conflicts.length} that ${conflicts.length === 1 ? 'is' : 'are'} in both, like ${conflicts[0]}. Keep one of each.`
    )
  }
  return { photos: [...seen.values()], refused }
}

/** What says whether two scenes were taught with the same photos. */
export function listHash (photos: readonly HashedPhoto[]): string {
  const lines = photos.map(({ sha256, class: kind, origin }) => `${sha256} ${kind} ${origin}`).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
