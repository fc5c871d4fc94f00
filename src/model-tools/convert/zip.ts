/** Reads single entries of a zip file into memory, within limits. The only importer of yauzl. */
import { crc32 } from 'node:zlib'
import * as yauzl from 'yauzl'
import { ConvertError } from './errors.ts'

export interface ZipLimits {
  entries: number
  /** Unpacked bytes of one entry. */
  entryBytes: number
  /** Unpacked bytes of all entries. */
  totalBytes: number
  /** Unpacked : packed. Weights hardly shrink; deflate itself reaches 1032 on zeros. */
  ratio: number
}

/** A checkpoint has one entry for each tensor: a few hundred to a few thousand. */
export const defaultZipLimits: ZipLimits = { entries: 65_536, entryBytes: 1 << 30, totalBytes: 4 * 2 ** 30, ratio: 200 }

/** Below this size an entry may shrink by any ratio: there is nothing to fear from it. */
const smallEntry = 1 << 20

function malformed (found: string, cause?: unknown): ConvertError {
  return new ConvertError('malformed_zip', `expected a whole zip file of stored or deflated entries, found ${found}`, {
    cause
  })
}

function refuseBombs (entries: yauzl.Entry[], fileSize: number, { entryBytes, totalBytes, ratio }: ZipLimits): void {
  let total = 0
  let packed = 0
  for (const { fileName, compressedSize, uncompressedSize } of entries) {
    packed += compressedSize
    if (packed > fileSize) throw malformed('entries that overlap or reach beyond the end of the file')
    total += uncompressedSize
    const bomb = uncompressedSize > smallEntry && uncompressedSize > compressedSize * ratio
    if (uncompressedSize > entryBytes || total > totalBytes || bomb) {
      throw new ConvertError(
        'too_large',
        `expected entries of at most ${entryBytes} bytes (${totalBytes} together, packed at most ${ratio}:1), found ${JSON.stringify(fileName)} with ${uncompressedSize} bytes packed into ${compressedSize}`
      )
    }
  }
}

export class ZipArchive {
  readonly #file: yauzl.ZipFile
  readonly #entries: Map<string, yauzl.Entry>

  constructor (file: yauzl.ZipFile, entries: Map<string, yauzl.Entry>) {
    this.#file = file
    this.#entries = entries
  }

  get names (): string[] { return [...this.#entries.keys()] }
  has (name: string): boolean { return this.#entries.has(name) }
  close (): void { this.#file.close() }

  /** Unpacked bytes of one entry, as the directory states them. */
  size (name: string): number { return this.#entry(name).uncompressedSize }

  /**
   * The unpacked bytes of one entry in chunks, for files too large for memory. Their number is checked, their CRC is
   * not: callers check the sha256.
   */
  async * stream (name: string): AsyncGenerator<Uint8Array> {
    try {
      yield * await this.#file.openReadStreamPromise(this.#entry(name)) as AsyncIterable<Buffer>
    } catch (error) {
      if (error instanceof ConvertError) throw error
      throw malformed(`a damaged entry ${JSON.stringify(name)} (${(error as Error).message})`, error)
    }
  }

  #entry (name: string): yauzl.Entry {
    const entry = this.#entries.get(name)
    if (!entry) throw malformed(`no entry ${JSON.stringify(name)}`)
    if (entry.isEncrypted()) throw malformed(`the encrypted entry ${JSON.stringify(name)}`)
    return entry
  }

  /** The unpacked bytes of one entry, checked against its CRC. */
  async read (name: string): Promise<Uint8Array> {
    const entry = this.#entry(name)
    const out = Buffer.alloc(entry.uncompressedSize)
    let length = 0
    try {
      const stream = await this.#file.openReadStreamPromise(entry)
      for await (const chunk of stream as AsyncIterable<Buffer>) length += chunk.copy(out, length)
    } catch (error) {
      throw malformed(`a damaged entry ${JSON.stringify(name)} (${(error as Error).message})`, error)
    }
    if (length !== out.length || crc32(out) !== entry.crc32) { throw malformed(`the entry ${JSON.stringify(name)} with a wrong checksum`) }
    return out
  }
}

/**
 * Opens a zip file, by path or from bytes, and reads its directory. Names that leave the archive's own folder, repeated
 * names and zip bombs are refused. Close the archive when done.
 *
 * @throws ConvertError `malformed_zip` or `too_large`
 */
export async function openZip (source: string | Uint8Array, limits = defaultZipLimits): Promise<ZipArchive> {
  let file: yauzl.ZipFile | undefined
  try {
    file = typeof source === 'string'
      ? await yauzl.openPromise(source, { autoClose: false })
      : await yauzl.fromBufferPromise(Buffer.from(source.buffer, source.byteOffset, source.byteLength))
    if (file.entryCount > limits.entries) { throw new ConvertError('too_large', `expected at most ${limits.entries} zip entries, found ${file.entryCount}`) }
    const entries = new Map<string, yauzl.Entry>()
    for await (const entry of file.eachEntry()) {
      if (entries.has(entry.fileName)) throw malformed(`two entries named ${JSON.stringify(entry.fileName)}`)
      entries.set(entry.fileName, entry)
    }
    refuseBombs([...entries.values()], file.fileSize, limits)
    return new ZipArchive(file, entries)
  } catch (error) {
    file?.close()
    if (error instanceof ConvertError) throw error
    throw malformed(`a damaged directory (${(error as Error).message})`, error)
  }
}
