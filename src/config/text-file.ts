/** Text files that people write: settings, tasks, labels and keys. Editors save them in several encodings. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { ConfigError } from './config-error.ts'

/** Byte-order marks (Unicode 16, section 23.8) and the encodings that they announce. */
const marks: [bytes: readonly number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be']
]

/**
 * UTF-8 with or without a byte-order mark, or UTF-16 with one; the mark is not part of the text.
 * @param name of the file, for the message
 * @throws {ConfigError} for anything else
 */
export function decodeText (bytes: Uint8Array, name: string): string {
  const [, encoding = 'utf-8'] = marks.find(([mark]) => mark.every((byte, i) => bytes[i] === byte)) ?? []
  if (encoding === 'utf-8' && bytes.includes(0)) {
    throw new ConfigError(
      `${name} is expected to be UTF-8 text, found zero bytes, as in UTF-16 without a byte-order mark or in a file that is no text; save it as UTF-8`
    )
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigError(
      `${name} is expected to be UTF-8 text, found bytes that are not ${encoding.toUpperCase()}; save it as UTF-8`
    )
  }
}

/** @throws {ConfigError} see `decodeText`; errors of the file system pass through, here and below */
export async function readTextFile (path: string): Promise<string> {
  return decodeText(await readFile(path), path)
}

export function readTextFileSync (path: string): string {
  return decodeText(readFileSync(path), path)
}
