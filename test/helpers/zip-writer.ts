/** Writes zip files, stored or deflated, and broken ones where a test overrides a header field. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  data: Uint8Array
  deflate?: boolean
  /** Lies about the unpacked size, in bytes. */
  claimedSize?: number
}

const localHeader = 0x04034b50
const directoryHeader = 0x02014b50
const endOfDirectory = 0x06054b50

/** Fields that the local header and the directory share. */
function fields ({ name, data, deflate = false, claimedSize }: ZipEntry, packed: Uint8Array): Buffer {
  const buffer = Buffer.alloc(26)
  buffer.writeUInt16LE(20, 0)
  buffer.writeUInt16LE(deflate ? 8 : 0, 4)
  buffer.writeUInt32LE(crc32(data), 10)
  buffer.writeUInt32LE(packed.length, 14)
  buffer.writeUInt32LE(claimedSize ?? data.length, 18)
  buffer.writeUInt16LE(Buffer.byteLength(name), 22)
  return buffer
}

function u32 (value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

export function writeZip (entries: ZipEntry[]): Buffer {
  const pieces: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const entry of entries) {
    const packed = entry.deflate ? deflateRawSync(entry.data) : entry.data
    const common = fields(entry, packed)
    const name = Buffer.from(entry.name)
    pieces.push(u32(localHeader), common, name, packed)
    directory.push(u32(directoryHeader), Buffer.from([20, 0]), common, Buffer.alloc(10), u32(offset), name)
    offset += 4 + common.length + name.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...pieces, central, u32(endOfDirectory), end])
}
