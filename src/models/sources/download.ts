/** One download over HTTP that a later attempt, or a later process, continues where this one stopped. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { DownloadContext } from './fetcher.ts'
import { InstallError } from '../install-error.ts'
import { notWritable } from '../write-verified.ts'

/** Larger than any archive of the manifest (antelopev2.zip: 361 MB), so that a wrong address cannot fill the disk. */
const MAX_BYTES = 2 ** 30
/** Attempts in a row that may bring nothing new. */
const MAX_FRUITLESS = 3
const RETRY_AFTER_MS = 300
const STALLED_AFTER_MS = 60_000
/** A part that nobody wrote to for so long has no owner any more. */
const ABANDONED_AFTER_MS = 2 * STALLED_AFTER_MS

export interface Downloaded {
  path: string
  /** Whether bytes of an earlier process are in it. */
  resumed: boolean
}

/** Bytes that are known to be of no use: not to be continued by anybody. */
export async function discard ({ path }: Downloaded): Promise<void> {
  await rm(path, { force: true })
}

/**
 * Fetches `url` into a file below `context.downloads`; the caller removes it. What came in before a failure stays for
 * the next call.
 * @throws {InstallError} `source_unreachable`, `source_refused`, `not_in_source`, `not_writable`, or the
 *   signal's reason
 */
export async function download (url: string, context: DownloadContext): Promise<Downloaded> {
  await mkdir(context.downloads, { recursive: true }).catch(notWritable(context.downloads))
  const left = join(context.downloads, `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.part`)
  // Processes that want the same file each have their own part; a left one goes to the process that renames it first.
  const path = `${left}.${randomUUID()}`
  let done = await claim(left, path, context.downloads)
  const resumed = done > 0
  try {
    for (let fruitless = 0; ;) {
      const before = done
      try {
        done = await transfer(url, path, done, context)
        return { path, resumed }
      } catch (error) {
        context.signal.throwIfAborted()
        if (error instanceof InstallError && error.code !== 'source_unreachable') throw error
        done = await sizeOf(path)
        fruitless = done > before ? 0 : fruitless + 1
        if (fruitless >= MAX_FRUITLESS || refusesConnections(error)) throw unreachable(url, error)
        context.onRetry(`Downloading from ${new URL(url).host}: a try failed (${reasonOf(error)})`)
        await wait(RETRY_AFTER_MS * fruitless, undefined, { signal: context.signal })
      }
    }
  } catch (error) {
    await rename(path, left).catch(() => {})
    throw error
  }
}

async function claim (left: string, path: string, folder: string): Promise<number> {
  const name = left.slice(folder.length + 1)
  for (const candidate of (await readdir(folder)).filter(file => file.startsWith(name))) {
    const found = await stat(join(folder, candidate)).catch(() => null)
    const owned = candidate !== name && Date.now() - (found?.mtimeMs ?? 0) < ABANDONED_AFTER_MS
    if (found !== null &&
      !owned &&
      await rename(join(folder, candidate), path).then(() => true, () => false)) return found.size
  }
  return 0
}

/** Appends what is missing, and returns the whole length. */
async function transfer (url: string, path: string, done: number, context: DownloadContext): Promise<number> {
  const stalled = new AbortController()
  const timer = setTimeout(
    () => stalled.abort(new Error(`nothing came in for ${STALLED_AFTER_MS / 1000} s`)),
    STALLED_AFTER_MS
  )
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([context.signal, stalled.signal]),
      headers: { 'accept-encoding': 'identity', ...(done > 0 && { range: `bytes=${done}-` }) }
    })
    // The server has no more than what is here: it is whole, or not a part of this file at all.
    if (response.status === 416 && response.headers.get('content-range') === `bytes */${done}`) return done
    const from = response.status === 206 && startOf(response) === done ? done : 0
    if (response.status === 416 || (response.status === 206 && from !== done)) {
      await response.body?.cancel()
      await rm(path, { force: true })
      return await transfer(url, path, 0, context)
    }
    if (!response.ok || response.body === null) throw refused(url, response)

    const file = await open(path, from === 0 ? 'w' : 'a').catch(notWritable(path))
    try {
      let size = from
      for await (const chunk of response.body) {
        size += chunk.length
        if (size > MAX_BYTES) { throw new InstallError('source_refused', `${url} sends more than ${MAX_BYTES} bytes, which no known model has`) }
        await file.writeFile(chunk).catch(notWritable(path))
        context.onDownload(chunk.length)
        timer.refresh()
      }
      return size
    } finally {
      await file.close()
    }
  } finally {
    clearTimeout(timer)
  }
}

function startOf (response: Response): number | null {
  const match = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')
  return match === null ? null : Number(match[1])
}

function refused (url: string, { status }: Response): InstallError {
  if (status === 404 || status === 410) return new InstallError('not_in_source', `${url} does not exist (${status})`)
  if (status === 429 || status >= 500) return new InstallError('source_unreachable', `${url} answered ${status}`)
  return new InstallError('source_refused', `${url} answered ${status}`)
}

function unreachable (url: string, error: unknown): InstallError {
  if (error instanceof InstallError) return error
  return new InstallError(
    'source_unreachable',
    `${new URL(url).host} could not be reached (${reasonOf(error)}). Check the network and the proxy`,
    error
  )
}

/** Nobody listens, or nobody knows the name: waiting does not help. */
function refusesConnections (error: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(reasonOf(error))
}

function reasonOf (error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string, message?: string } }
  return cause?.code ?? cause?.message ?? message
}

async function sizeOf (path: string): Promise<number> {
  return await stat(path).then(({ size }) => size, () => 0)
}
