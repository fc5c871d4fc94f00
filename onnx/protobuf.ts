/**
 * The wire format of protobuf: the one reader and writer of its fields (protobuf.dev/programming-guides/encoding). It
 * knows no messages; onnx/schema.ts has those of ONNX.
 */

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** The bytes are no protobuf message. `message` says what was found, for a sentence of the caller's. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

/** An array of bytes, or a file that is read in chunks. */
export interface ByteSource {
  readonly length: number
  /** The byte at `index`, 0..255; undefined at the end. */
  at (index: number): number | undefined
}

/** One field of a message. Offsets are bytes of the source. */
export interface Field {
  number: number
  wireType: number
  /** Where its tag begins. */
  tag: number
  /** Where its content begins and ends: the digits of a number, the bytes of everything else. */
  start: number
  end: number
}

/**
 * The fields of the message between `start` and `end`, one after the other. Contents are skipped, not read.
 * @throws {ProtobufError}
 */
export function * readFields (source: ByteSource, start = 0, end = source.length): Generator<Field> {
  let at = start
  while (at < end) {
    const tag = at
    const key = readSize(source, at, end)
    const wireType = key.value % 8
    const content = contentOf(source, wireType, key.end, end)
    yield { number: Math.floor(key.value / 8), wireType, tag, ...content }
    at = content.end
  }
}

function contentOf (source: ByteSource, wireType: number, at: number, end: number): { start: number, end: number } {
  if (wireType === wireTypes.varint) return { start: at, end: readVarint(source, at, end).end }
  if (wireType === wireTypes.bytes) {
    const length = readSize(source, at, end)
    return bounded(length.end, length.value, end)
  }
  if (wireType === wireTypes.fixed64) return bounded(at, 8, end)
  if (wireType === wireTypes.fixed32) return bounded(at, 4, end)
  throw new ProtobufError(`a field of the unknown wire type ${wireType}`)
}

function bounded (start: number, length: number, end: number): { start: number, end: number } {
  if (length > end - start) throw new ProtobufError(`a field of ${length} bytes where ${end - start} are left`)
  return { start, end: start + length }
}

/**
 * A number of up to 64 bits, read as unsigned.
 * @throws {ProtobufError}
 */
export function readVarint (source: ByteSource, start: number, end: number): { value: bigint, end: number } {
  let value = 0n
  for (let at = start, shift = 0n; shift < 70n && at < end; shift += 7n) {
    const byte = byteAt(source, at++)
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return { value, end: at }
  }
  throw new ProtobufError('a number cut short or longer than 64 bits')
}

/**
 * A number that is small unless the file is damaged: a length, a tag, an enumeration.
 * @throws {ProtobufError}
 */
export function readSize (source: ByteSource, start: number, end: number): { value: number, end: number } {
  const first = start < end ? byteAt(source, start) : 0x80
  if (first < 0x80) return { value: first, end: start + 1 }
  const long = readVarint(source, start, end)
  if (long.value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProtobufError(`the length ${long.value}`)
  return { value: Number(long.value), end: long.end }
}

function byteAt (source: ByteSource, index: number): number {
  const byte = source.at(index)
  if (byte === undefined) throw new ProtobufError('the end of the file inside a field')
  return byte
}

/** Byte pieces of a message, joined once at the end so that weights are copied once. */
export interface Pieces { list: Uint8Array[], length: number }

export function createPieces (...list: Uint8Array[]): Pieces {
  return { list, length: list.reduce((sum, { length }) => sum + length, 0) }
}

export function put (pieces: Pieces, bytes: Uint8Array): void {
  pieces.list.push(bytes)
  pieces.length += bytes.length
}

/** Writes a field that is a number; a negative one as its 64-bit complement. */
export function putNumber (pieces: Pieces, field: number, value: number | bigint): void {
  putVarint(pieces, field * 8 + wireTypes.varint)
  putVarint(pieces, value)
}

/** Writes a field of bytes: text, a message, packed numbers. */
export function putBytes (pieces: Pieces, field: number, body: Pieces): void {
  putVarint(pieces, field * 8 + wireTypes.bytes)
  putVarint(pieces, body.length)
  for (const bytes of body.list) put(pieces, bytes)
}

function putVarint (pieces: Pieces, value: number | bigint): void {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80)
  out.push(Number(rest))
  put(pieces, Uint8Array.from(out))
}
