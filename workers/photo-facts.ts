/** What a photo says about itself: how the camera was held, and when the photo was taken. */
import { inflateSync } from 'node:zlib'
import type { PhotoFacts } from './types.ts'

interface Block { kind: 'exif' | 'xmp', data: Buffer }

/** A description larger than this, in bytes, is skipped: that of a camera has a few kilobytes. */
const MAX_BLOCK_BYTES = 2 ** 20

const EXIF_HEADER = 'Exif\0\0'
const XMP_HEADER = 'http://ns.adobe.com/xap/1.0/\0'

/**
 * Reads the facts of a JPEG, PNG or WebP. EXIF goes before XMP, the first block before later ones; what is damaged or
 * out of range counts as not said. Never throws.
 */
export function readPhotoFacts (bytes: Uint8Array): PhotoFacts {
  const blocks = [...metadataBlocks(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))]
  const tags = blocks.filter(({ kind }) => kind === 'exif').map(({ data }) => readExif(data))
  const orientation = tags.find(({ orientation }) => orientation !== null)?.orientation ?? blocks
    .filter(({ kind }) => kind === 'xmp')
    .map(({ data }) => /tiff:Orientation\s*(?:=\s*["']|>\s*)([1-8])\b/.exec(data.toString('latin1'))?.[1])
    .find(value => value !== undefined)
  return {
    orientation: Number(orientation ?? 1) as PhotoFacts['orientation'],
    takenAt: tags.find(({ takenAt }) => takenAt !== null)?.takenAt ?? null
  }
}

function metadataBlocks (file: Buffer): Iterable<Block> {
  if (file[0] === 0xff) return jpegBlocks(file)
  return file.toString('latin1', 0, 4) === 'RIFF' ? webpBlocks(file) : pngBlocks(file)
}

/** Application segments up to the start of the scan. */
function * jpegBlocks (file: Buffer): Iterable<Block> {
  let at = 2
  while (at + 4 <= file.length) {
    // Marker codes may be preceded by any number of fill bytes (ITU-T T.81, B.1.1.2).
    if (file[at] !== 0xff || file[at + 1] === 0xff) {
      at++
      continue
    }
    const marker = file[at + 1]!
    if (marker === 0xda || marker === 0xd9) return
    const length = file.readUInt16BE(at + 2)
    if (marker === 0xe1) yield * prefixedBlock(file.subarray(at + 4, at + 2 + length))
    at += 2 + Math.max(length, 2)
  }
}

/** Chunks anywhere in the file, behind the pixels as well (PNG 3rd edition, 5.6 and 11.3.3). */
function * pngBlocks (file: Buffer): Iterable<Block> {
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const data = file.subarray(at + 8, at + 8 + length)
    if (type === 'eXIf') yield { kind: 'exif', data: withoutHeader(data) }
    else if (type === 'tEXt' || type === 'zTXt' || type === 'iTXt') yield * textBlock(type, data)
    at += 12 + length
  }
}

function * webpBlocks (file: Buffer): Iterable<Block> {
  for (let at = 12; at + 8 <= file.length;) {
    const type = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const data = file.subarray(at + 8, at + 8 + length)
    if (type === 'EXIF') yield { kind: 'exif', data: withoutHeader(data) }
    if (type === 'XMP ') yield { kind: 'xmp', data }
    at += 8 + length + length % 2
  }
}

/** A block that says by its first bytes what it is. */
function * prefixedBlock (data: Buffer): Iterable<Block> {
  const starts = (header: string) => data.toString('latin1', 0, header.length) === header
  if (starts(EXIF_HEADER)) yield { kind: 'exif', data: withoutHeader(data) }
  else if (starts(XMP_HEADER)) yield { kind: 'xmp', data: data.subarray(XMP_HEADER.length) }
}

/**
 * XMP as international text, or the hexadecimal profiles that ImageMagick writes: a newline, a name, a length, the
 * digits.
 */
function * textBlock (type: 'tEXt' | 'zTXt' | 'iTXt', chunk: Buffer): Iterable<Block> {
  const keyword = chunk.toString('latin1', 0, Math.min(80, Math.max(0, chunk.indexOf(0))))
  const profile = /^Raw profile type (exif|app1|xmp)$/i.exec(keyword)?.[1]?.toLowerCase()
  if (profile === undefined && keyword !== 'XML:com.adobe.xmp') return
  const text = textOf(type, chunk.subarray(keyword.length + 1))
  if (text === null) return
  if (profile === undefined) return yield { kind: 'xmp', data: text }
  const digits = /^\s*\S+\s+\d+\s+([0-9a-f\s]+)/i.exec(text.toString('latin1'))?.[1] ?? ''
  const data = Buffer.from(digits.replace(/\s/g, ''), 'hex')
  if (profile === 'xmp') yield { kind: 'xmp', data }
  else if (profile === 'app1') yield * prefixedBlock(data)
  else yield { kind: 'exif', data: withoutHeader(data) }
}

/** What follows the keyword of a text chunk, unpacked; null when it is damaged or too large. */
function textOf (type: 'tEXt' | 'zTXt' | 'iTXt', rest: Buffer): Buffer | null {
  const packed = type === 'zTXt' || (type === 'iTXt' && rest[0] === 1)
  const start = type === 'tEXt' ? 0 : type === 'zTXt' ? 1 : rest.indexOf(0, rest.indexOf(0, 2) + 1) + 1
  try {
    const data = rest.subarray(start)
    return packed ? inflateSync(data, { maxOutputLength: MAX_BLOCK_BYTES }) : data.subarray(0, MAX_BLOCK_BYTES)
  } catch {
    return null
  }
}

function withoutHeader (data: Buffer): Buffer {
  return data.toString('latin1', 0, EXIF_HEADER.length) === EXIF_HEADER ? data.subarray(EXIF_HEADER.length) : data
}

const ORIENTATION = 0x112
const EXIF_FOLDER = 0x8769
const TAKEN = 0x9003
const TAKEN_OFFSET = 0x9011

/** Orientation and DateTimeOriginal of a TIFF structure (Exif 2.32); null where it does not say them. */
function readExif (tiff: Buffer): { orientation: number | null, takenAt: string | null } {
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const uint16 = (at: number) => at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)
  const uint32 = (at: number) => at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)
  /** Where the entries lie, by tag; the first of a tag counts. */
  const folder = (start: number) => {
    const entries = new Map<number, number>()
    if (start === 0) return entries
    for (let i = 0, at = start + 2; i < uint16(start) && at + 12 <= tiff.length; i++, at += 12) {
      if (!entries.has(uint16(at))) entries.set(uint16(at), at)
    }
    return entries
  }
  const text = (entry: number | undefined) => {
    if (entry === undefined || uint16(entry + 2) !== 2) return ''
    const length = Math.min(uint32(entry + 4), 32)
    const start = length <= 4 ? entry + 8 : uint32(entry + 8)
    return tiff.toString('latin1', start, start + length)
  }
  const main = folder(uint32(4))
  const entry = main.get(ORIENTATION)
  // A SHORT (3) by the standard, a LONG (4) in photos of some Android applications.
  const value = entry === undefined ? 0 : uint16(entry + 2) === 4 ? uint32(entry + 8) : uint16(entry + 8)
  const exif = folder(main.has(EXIF_FOLDER) ? uint32(main.get(EXIF_FOLDER)! + 8) : 0)
  const time = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text(exif.get(TAKEN)))
  const zone = /^[+-]\d\d:\d\d/.exec(text(exif.get(TAKEN_OFFSET)))?.[0] ?? ''
  return {
    orientation: value >= 1 && value <= 8 ? value : null,
    takenAt: time === null ? null : `${time[1]}-${time[2]}-${time[3]}T${time[4]}${zone}`
  }
}
