/** What every kind of source implements, and what the installation passes to it. */
import type { RemoteFile, Source } from '../manifest.ts'

export interface MirrorSource {
  type: 'mirror'
  /** A path or an http(s) address. */
  base: string
}

/** The manifest's sources, and the operator's own. */
export type AnySource = Source | MirrorSource

export interface Wanted<S extends AnySource = AnySource> {
  file: RemoteFile
  source: S
}

/** What one download needs of the installation. */
export interface DownloadContext {
  /** Writes one wanted file, verified; to be awaited. */
  write (file: RemoteFile, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
  onDownload (bytes: number): void
  /** A try failed, in words; it is made again. */
  onRetry (text: string): void
  /** Folder for downloads that a later run may continue. */
  downloads: string
  signal: AbortSignal
}

/** One kind of source. */
export interface Fetcher<S extends AnySource = AnySource> {
  /** What one download covers, in words, for messages: wanted files of one origin are fetched together. */
  origin (source: S): string
  /** Resolves when every wanted file has been written. */
  fetch (wanted: Wanted<S>[], context: DownloadContext): Promise<void>
}
