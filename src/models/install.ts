/** Brings the files of the manifest: checks those that are there, fetches the others, keeps only the right bytes. */
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { InstallError } from './install-error.ts'
import type { RemoteFile, Source } from './manifest.ts'
import { npm } from './sources/npm.ts'
import { fingerprint, matches } from './verify.ts'
import { notWritable, removeStaleParts, writeVerified } from './write-verified.ts'

/** All in bytes. */
export interface InstallProgress {
  /** Where the current bytes come from, in words. */
  origin: string
  /** Of the wanted files, on disk so far. */
  written: number
  /** Of the wanted files that are being installed. */
  total: number
  /** Everything that came in, parts of packages that nobody wants included. */
  downloaded: number
}

export interface InstallOptions {
  /** The files' paths are below this folder; it is made when missing. */
  dir: string
  onProgress?: (progress: InstallProgress) => void
  signal?: AbortSignal
}

/** Paths as in the manifest. */
export interface InstallReport {
  installed: string[]
  present: string[]
}

export interface Wanted<S extends Source = Source> {
  file: RemoteFile
  source: S
}

export interface FetchJob {
  /** Writes one wanted file, verified; to be awaited. */
  write (file: RemoteFile, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
  onDownload (bytes: number): void
  signal: AbortSignal
}

/** One kind of source. */
export interface Fetcher<S extends Source = Source> {
  /** What one download covers, in words, for messages: wanted files of one origin are fetched together. */
  origin (source: S): string
  /** Resolves when every wanted file has been written. */
  fetch (wanted: Wanted<S>[], job: FetchJob): Promise<void>
}

const fetchers: { [Type in Source['type']]?: Fetcher<Extract<Source, { type: Type }>> } = { npm }

function fetcherOf (source: Source): Fetcher | undefined {
  return fetchers[source.type] as Fetcher | undefined
}

/**
 * Makes sure that every file is below `dir` with the size and sha256 of the manifest. Present files are hashed, missing
 * ones fetched. Several processes may install into one folder at once.
 * @throws {InstallError} for the first file that cannot be had; files that were completed before it stay
 */
export async function installFiles (files: RemoteFile[], { dir, onProgress, signal = new AbortController().signal }: InstallOptions): Promise<InstallReport> {
  const missing = await missingFiles(files, dir)
  const report = { installed: missing.map(({ file }) => file), present: files.filter(file => !missing.includes(file)).map(({ file }) => file) }
  const wanted = missing.map(file => ({ file, source: fetchableSource(file, dir) }))
  await prepareFolders(missing, dir)

  const written = new Map<RemoteFile, number>()
  const total = missing.reduce((sum, file) => sum + file.size, 0)
  let downloaded = 0
  for (const [origin, group] of Map.groupBy(wanted, ({ source }) => fetcherOf(source)!.origin(source))) {
    const tell = () => onProgress?.({ origin, written: written.values().reduce((sum, size) => sum + size, 0), total, downloaded })
    const job: FetchJob = {
      signal,
      onDownload: bytes => {
        downloaded += bytes
        tell()
      },
      write: (file, chunks, writeSignal) => {
        const counted = counting(chunks, size => {
          written.set(file, size)
          tell()
        })
        return writeVerified(resolve(dir, file.file), file, counted, writeSignal)
      }
    }
    try {
      signal.throwIfAborted()
      await fetcherOf(group[0]!.source)!.fetch(group, job)
    } catch (error) {
      throw explain(error, origin, group, dir, signal)
    }
  }
  return report
}

/**
 * The files that are not below `dir`. Hashes those that are.
 * @throws {InstallError} `file_changed` when one is there with other bytes
 */
export async function missingFiles (files: RemoteFile[], dir: string): Promise<RemoteFile[]> {
  const missing: RemoteFile[] = []
  for (const file of files) {
    const path = resolve(dir, file.file)
    const found = await fingerprint(path)
    if (found === null) missing.push(file)
    else if (!matches(found, file)) {
      throw new InstallError('file_changed', `${path} has ${found.size} bytes and sha256 ${found.sha256}; the manifest says ${file.size} bytes and sha256 ${file.sha256}. It was changed or damaged: delete it to have it installed again`)
    }
  }
  return missing
}

function fetchableSource (file: RemoteFile, dir: string): Source {
  const source = file.sources.find(source => fetcherOf(source) !== undefined)
  if (source !== undefined) return source
  throw new InstallError('no_source', `${file.file} is missing and cannot be fetched automatically. ${byHand([{ file, source: file.sources[0] }], dir)}`)
}

async function prepareFolders (files: RemoteFile[], dir: string): Promise<void> {
  for (const folder of new Set(files.map(file => dirname(resolve(dir, file.file))))) {
    await mkdir(folder, { recursive: true }).catch(notWritable(folder))
    await removeStaleParts(folder)
  }
}

function explain (error: unknown, origin: string, group: Wanted[], dir: string, signal: AbortSignal): InstallError {
  const names = group.map(({ file }) => file.file).join(', ')
  if (signal.aborted) return new InstallError('aborted', `Installing ${names} from ${origin} was stopped; a file that was not complete was not kept`, error)
  if (!(error instanceof InstallError)) throw error
  return new InstallError(error.code, `Installing ${names} from ${origin} failed: ${error.message}. An incomplete or wrong file was not kept. ${byHand(group, dir)}`, error)
}

/** How a person places files that share an origin. */
function byHand (group: { file: RemoteFile, source?: Source | undefined }[], dir: string): string {
  const places = group.map(({ file, source }) => `${source?.path ?? file.file} as ${resolve(dir, file.file)} (${file.size} bytes, sha256 ${file.sha256})`)
  return `By hand: ${obtain(group[0]?.source)}, and put ${places.join(', ')}`
}

function obtain (source: Source | undefined): string {
  if (source === undefined) return 'get the file from whoever published it'
  if (source.type === 'npm') return `run \`npm pack ${source.package}@${source.version}\` where there is a network and unpack its folder "package"`
  return `download ${source.url}${source.path === undefined ? '' : ' and unpack it'}`
}

async function * counting (chunks: AsyncIterable<Uint8Array>, onSize: (size: number) => void): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    onSize(size)
    yield chunk
  }
}
