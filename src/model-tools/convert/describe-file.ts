/** What the first bytes say about a file that is not the model that its name promises. */
export function describeFile (head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1')
  if (head.length === 0) return 'an empty file'
  if (text.startsWith('version https://git-lfs')) { return 'a Git LFS pointer: the weights themselves were not downloaded; run `git lfs pull` where it was cloned' }
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i.test(text)) return 'a web page: the download went wrong'
  return `a file that starts with the bytes ${Buffer.from(head.subarray(0, 4)).toString('hex')}`
}
