import type { DownloadContext, Fetcher } from './fetcher.ts'
import { InstallError } from '../install-error.ts'
import type { RemoteFile, Source } from '../manifest.ts'
import { copy, type Member, unpack } from './archive.ts'
import { discard, download } from './download.ts'

type HttpsSource = Extract<Source, { type: 'https' }>

/** Files at an address of their own, and files inside a zip there: one download for all of one address. */
export const https: Fetcher<HttpsSource> = {
  origin: ({ url }) => url,
  fetch: (wanted, context) => fetchFrom(
    wanted[0]!.source.url,
    wanted.map(({ file, source: { path } }) => path === undefined ? { file } : { file, paths: [path] }),
    context
  )
}

/** Codes that say that the bytes are wrong, not that they could not be had. */
const wrongBytes: InstallError['code'][] = ['damaged_download', 'wrong_size', 'wrong_sha256']

/** Brings what lies at one address: the file itself, or members of the zip that it is. */
export async function fetchFrom (
  url: string,
  wanted: (Member | { file: RemoteFile, paths?: undefined })[],
  context: DownloadContext
): Promise<void> {
  const downloaded = await download(url, context)
  try {
    const members = wanted.filter(item => item.paths !== undefined)
    if (members.length > 0) await unpack(downloaded.path, members, context)
    for (const { file, paths } of wanted) if (paths === undefined) await copy(downloaded.path, file, context)
  } catch (error) {
    // The halves of two different files make no file: once more from the start.
    const mixed = downloaded.resumed && error instanceof InstallError && wrongBytes.includes(error.code)
    if (!mixed) throw error
    await discard(downloaded)
    await fetchFrom(url, wanted, context)
  } finally {
    await discard(downloaded)
  }
}
