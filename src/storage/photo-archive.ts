/** Photos that the operator chose to keep: one file each under a random name, sealed when there is a template key. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { StoreError } from './store-error.ts'
import type { Sealed, Sealer } from './sealing.ts'
import type { KeptPhoto, Store } from './store.ts'

export interface NewPhoto {
  username: string
  sha256: string
  bytes: Uint8Array
  /** Id of the verification that it is the proof of. */
  verification: string | null
}

export interface PhotoArchive {
  /**
   * Keeps the photos where the settings say so, while the user is enrolled. A failure is reported and does no more
   * harm.
   */
  keep(kind: KeptPhoto['kind'], photos: readonly NewPhoto[]): Promise<void>
  /** @throws {StoreError} `store_corrupt` when the file is gone or changed */
  read(name: string): Promise<Uint8Array>
  remove(names: readonly string[]): Promise<void>
  /**
   * Removes files that belong to nobody: a process ended between file and row, or while it encrypted anew. Answers with
   * their number.
   */
  sweep(now?: number): Promise<number>
  /** Seals every file anew that is not under the current key; answers with their number. */
  reseal(): Promise<number>
}

const NAME = /^[0-9a-f]{32}$/

/** Of a file that is being encrypted anew. */
const PART = '.part'

/** A file younger than this may belong to a request that is about to list it, milliseconds. */
const SETTLED_MS = 60 * 60 * 1000

/** What a sealed file starts with, before the 16 letters of its key's id; no picture does. */
const MAGIC = 'ECOSEAL1'
const KEY_ID_LETTERS = 16

export function openPhotoArchive (
  { DATA_DIR, KEEP_PHOTOS }: Pick<Config, 'DATA_DIR' | 'KEEP_PHOTOS'>,
  store: Store,
  sealer: Sealer,
  onError: (error: unknown) => void
): PhotoArchive {
  const folder = join(DATA_DIR, 'photos')
  const { write, read, remove, list } = photoFiles(folder, sealer)
  const isKnown = async (name: string): Promise<boolean> => (await store.knownPhotos([name])).has(name)

  /** False for a file that is under the current key already, or was erased meanwhile. */
  const resealOne = async (name: string): Promise<boolean> => {
    const path = join(folder, name)
    const sealed = await readFile(path).then(fromFile).catch(gone)
    if (sealed === null || sealed.keyId === sealer.keyId) return false
    const known = await isKnown(name)
    await replaceFile(path, toFile(sealer.seal(sealer.open(sealed, contextOf(name)), contextOf(name))))
    // An erasure removes the row first and then the file: one that came in between may have removed the old file only.
    const erased = known && !(await isKnown(name))
    if (erased) await remove([name])
    return !erased
  }

  return {
    read,
    remove,

    async keep (kind, photos) {
      if (KEEP_PHOTOS !== 'all' && KEEP_PHOTOS !== (kind === 'enrol' ? 'enrol' : 'proofs')) return
      for (const { bytes, ...photo } of photos) {
        const name = randomBytes(16).toString('hex')
        try {
          await write(name, bytes)
          const kept = await store.addPhoto({ ...photo, name, kind, createdAt: new Date().toISOString() })
          if (!kept) await remove([name])
        } catch (error) {
          onError(error)
        }
      }
    },

    async sweep (now = Date.now()) {
      const isOurs = (name: string) => NAME.test(name.endsWith(PART) ? name.slice(0, -PART.length) : name)
      const names = (await list()).filter(isOurs)
      const known = await store.knownPhotos(names)
      let removed = 0
      for (const name of names.filter(name => !known.has(name))) {
        const found = await stat(join(folder, name)).catch(() => null)
        if (found === null || now - found.mtimeMs < SETTLED_MS) continue
        await remove([name])
        removed++
      }
      return removed
    },

    async reseal () {
      let resealed = 0
      for (const name of await list()) {
        if (NAME.test(name) && (await resealOne(name))) resealed++
      }
      return resealed
    }
  }
}

/** The files themselves, by name; what is in them is sealed. */
function photoFiles (folder: string, sealer: Sealer) {
  return {
    async write (name: string, bytes: Uint8Array): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(join(folder, name), toFile(sealer.seal(bytes, contextOf(name))), { mode: 0o600 })
    },
    /** @throws {StoreError} `store_corrupt` when the file is gone or changed */
    async read (name: string): Promise<Uint8Array> {
      const file = await readFile(join(folder, name)).catch(error => {
        throw new StoreError('store_corrupt', `the kept photo ${name} cannot be read: restore a backup`, error)
      })
      return sealer.open(fromFile(file), contextOf(name))
    },
    async remove (names: readonly string[]): Promise<void> {
      for (const name of names) await rm(join(folder, name), { force: true })
    },
    async list (): Promise<string[]> {
      return readdir(folder).catch(() => [])
    }
  }
}

/** Writes beside it first, so that the file is whole at any moment. */
async function replaceFile (path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}${PART}`
  try {
    await writeFile(part, bytes, { mode: 0o600 })
    await chmod(part, 0o600)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

function contextOf (name: string): string {
  return `photo\0${name}`
}

function toFile ({ keyId, bytes }: Sealed): Uint8Array {
  return keyId === null ? bytes : Buffer.concat([Buffer.from(MAGIC + keyId), bytes])
}

function fromFile (file: Buffer): Sealed {
  const start = MAGIC.length + KEY_ID_LETTERS
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) return { keyId: null, bytes: file }
  return { keyId: file.toString('latin1', MAGIC.length, start), bytes: file.subarray(start) }
}

/** Null for a file that is not there. */
function gone (error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
