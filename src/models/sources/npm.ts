import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser } from 'tar'
import type { DownloadContext, Fetcher, Wanted } from './fetcher.ts'
import { InstallError } from '../install-error.ts'
import type { RemoteFile, Source } from '../manifest.ts'

type NpmSource = Extract<Source, { type: 'npm' }>

/**
 * Files out of published npm packages, fetched through npm's own library and the user's npm configuration. The tarball
 * is read as a stream, once, however many of its files are wanted; the others are skipped.
 */
export const npm: Fetcher<NpmSource> = {
  origin: source => `npm package ${source.package}@${source.version}`,

  async fetch (wanted, context) {
    const { package: name, version } = wanted[0]!.source
    const spec = `${name}@${version}`
    // npm's library is large and slow to load, and most runs find every file in its place.
    const [{ default: pacote }, { npmOptions }] = await Promise.all([import('pacote'), import('../npm-options.ts')])
    const options = await npmOptions()
    // Ends the connection when the reader gives up before the end.
    const done = new AbortController()
    const signal = AbortSignal.any([context.signal, done.signal])
    const listen = listenToNpm(text => context.onRetry(`Fetching ${spec} from ${registryOf(name, options)}: ${text}`))
    try {
      await pacote.tarball.stream(
        spec,
        tarball => extractWanted(tarball, wanted, { ...context, signal }),
        { ...options, signal }
      )
    } catch (error) {
      throw inWords(error, spec, registryOf(name, options))
    } finally {
      listen.stop()
      done.abort()
    }
  }
}

/** npm's library reports failed tries only in its log, which it emits on the process. */
function listenToNpm (report: (text: string) => void): { stop: () => void } {
  const listener = (level: string, ...parts: unknown[]) => {
    const [, attempt, reason] = /attempt (\d+) failed with (\S+)/.exec(parts.join(' ')) ?? []
    if (level === 'http' && attempt !== undefined) report(`try ${attempt} failed (${reason})`)
  }
  const events: NodeJS.EventEmitter = process
  events.on('log', listener)
  return { stop: () => events.off('log', listener) }
}

/** Rejects with the first failure of the download, of the archive or of a write, after all of them have ended. */
async function extractWanted (
  tarball: NodeJS.ReadableStream,
  wanted: Wanted<NpmSource>[],
  context: DownloadContext
): Promise<void> {
  const files = new Map(wanted.map(({ file, source }): [string, RemoteFile] => [source.path, file]))
  const missing = new Set(files.keys())
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const stopAll = (error: unknown) => stop.abort(error)
  const writes: Promise<void>[] = []

  const parser = new Parser({
    onReadEntry: entry => {
      // The name of the archive's top folder is the packer's choice.
      const path = entry.path.slice(entry.path.indexOf('/') + 1)
      const file = files.get(path)
      if (file === undefined || entry.type !== 'File' || !missing.delete(path)) return entry.resume()
      // Wakes a write that waits for bytes that will not come.
      entry.on('error', stopAll)
      signal.addEventListener('abort', () => entry.destroy(signal.reason), { once: true })
      writes.push(context.write(file, entry, signal).catch(stopAll))
    }
  })
  const counter = new Transform({
    transform (chunk: Buffer, _encoding, pass) {
      context.onDownload(chunk.length)
      pass(null, chunk)
    }
  })
  // A connection that is given up may still report an error when nobody else listens any more.
  tarball.on('error', stopAll)
  await pipeline(tarball, counter, parser as unknown as NodeJS.WritableStream, { signal }).catch(stopAll)
  await Promise.all(writes)
  signal.throwIfAborted()
  if (missing.size > 0) {
    throw new InstallError('path_not_in_package', `the package has no file ${[...missing].join(', ')}`)
  }
}

/** A scope may have a registry of its own. */
function registryOf (name: string, options: Record<string, unknown>): string {
  return new URL(String(options[`${name.split('/')[0]}:registry`] ?? options.registry)).host
}

/** npm's errors, by their code, as one of ours. */
function inWords (error: unknown, spec: string, registry: string): unknown {
  if (!(error instanceof Error) || error instanceof InstallError) return error
  const code = 'code' in error ? String(error.code) : ''
  if (['E404', 'ETARGET', 'ENOVERSIONS', 'EINVALIDPACKAGENAME'].includes(code)) {
    return new InstallError('package_not_found', `the npm registry ${registry} has no ${spec} (${code})`, error)
  }
  if (code === 'EINTEGRITY' || code.startsWith('Z_') || code.startsWith('TAR_')) {
    return new InstallError(
      'damaged_download',
      `what the npm registry ${registry} sent is not the published archive (${code}). Try again`,
      error
    )
  }
  if (/^E\d{3}$/.test(code)) {
    return new InstallError(
      'registry_refused',
      `the npm registry ${registry} answered ${code.slice(1)}. Check the registry and the credentials in your npm configuration`,
      error
    )
  }
  return new InstallError(
    'registry_unreachable',
    `the npm registry ${registry} could not be reached (${code === '' ? error.message : code}). Check the network, and registry and proxy in your npm configuration`,
    error
  )
}
