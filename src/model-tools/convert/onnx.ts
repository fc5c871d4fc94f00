/**
 * Reads and writes whole ONNX files. Fields that `onnx/schema.ts` does not list are kept byte for byte, so a file that
 * is read, changed and written loses nothing.
 */
import {
  createPieces, type Field, type Pieces, ProtobufError, put, putBytes, putNumber, readFields, readVarint, wireTypes
} from '../../../onnx/protobuf.ts'
import { type Message, type ModelProto, type SchemaField, type SchemaName, schemas } from '../../../onnx/schema.ts'
import { ConvertError } from './errors.ts'

/** Graphs nest inside the attributes of If and Loop; each level takes four messages. */
const MAX_DEPTH = 64
/** A large network has some ten thousand messages; the limit bounds what a hostile file of empty ones can cost. */
const MAX_MESSAGES = 2_000_000

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder('utf-8', { fatal: true }) }

/**
 * @param bytes a whole ONNX file; `rawData` of the result are views of it
 * @throws ConvertError `malformed_onnx`
 */
export function decodeModel (bytes: Uint8Array): ModelProto {
  try {
    const model: ModelProto = readMessage({ bytes, messages: 0 }, 'Model', 0, bytes.length, 0)
    if (!model.graph) throw new ProtobufError('a file without a graph')
    if (!model.opsetImport?.length) throw new ProtobufError('a file without an operator set')
    return model
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw new ConvertError('malformed_onnx', `expected an ONNX file, found ${error.message}`)
  }
}

/** The bytes of an ONNX file. */
export function encodeModel (model: ModelProto): Uint8Array {
  return Buffer.concat(writeMessage('Model', { ...model }).list)
}

/** A file that is being read, and how many of its messages were. */
interface Reading { bytes: Uint8Array, messages: number }

function readMessage (
  reading: Reading,
  schema: SchemaName,
  start: number,
  end: number,
  depth: number
): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw new ProtobufError(`messages nested deeper than ${MAX_DEPTH}`)
  if (++reading.messages > MAX_MESSAGES) throw new ProtobufError(`more than ${MAX_MESSAGES} messages`)
  const known: Record<number, SchemaField> = schemas[schema]
  const message: Record<string, unknown> = {}
  const unknown: Uint8Array[] = []
  for (const field of readFields(reading.bytes, start, end)) {
    const expected = known[field.number]
    if (!expected || !fits(expected, field.wireType)) {
      unknown.push(reading.bytes.subarray(field.tag, field.end))
    } else if (!expected.repeated) {
      message[expected.name] = readValue(reading, expected.kind, field, depth)
    } else {
      const list = (message[expected.name] ??= []) as unknown[]
      if (field.wireType === wireTypes.bytes && isNumber(expected.kind)) {
        readPacked(reading.bytes, expected.kind, field, list)
      } else {
        list.push(readValue(reading, expected.kind, field, depth))
      }
    }
  }
  if (unknown.length > 0) message['unknown'] = unknown
  return message
}

function fits ({ kind, repeated }: SchemaField, wireType: number): boolean {
  if (!isNumber(kind)) return wireType === wireTypes.bytes
  return wireType === wireTypes.varint || (repeated && wireType === wireTypes.bytes)
}

function isNumber (kind: SchemaField['kind']): kind is 'size' | 'int64' {
  return kind === 'size' || kind === 'int64'
}

function readValue (reading: Reading, kind: SchemaField['kind'], { start, end }: Field, depth: number): unknown {
  if (isNumber(kind)) return signed(kind, readVarint(reading.bytes, start, end).value)
  if (kind === 'bytes') return reading.bytes.subarray(start, end)
  if (kind === 'string') return readText(reading.bytes.subarray(start, end))
  return readMessage(reading, kind, start, end, depth + 1)
}

function readText (bytes: Uint8Array): string {
  try {
    return utf8.decoder.decode(bytes)
  } catch {
    throw new ProtobufError('text that is not UTF-8')
  }
}

function readPacked (bytes: Uint8Array, kind: 'size' | 'int64', { start, end }: Field, list: unknown[]): void {
  for (let at = start; at < end;) {
    const number = readVarint(bytes, at, end)
    list.push(signed(kind, number.value))
    at = number.end
  }
}

function signed (kind: 'size' | 'int64', unsigned: bigint): number | bigint {
  const value = BigInt.asIntN(64, unsigned)
  if (kind === 'int64') return value
  const size = Number(value)
  if (!Number.isSafeInteger(size)) throw new ProtobufError(`the size ${value}`)
  return size
}

function writeMessage (schema: SchemaName, message: Record<string, unknown>): Pieces {
  const pieces = createPieces()
  for (const [number, field] of Object.entries<SchemaField>(schemas[schema])) {
    const value = message[field.name]
    if (value === undefined) continue
    for (const item of field.repeated ? value as unknown[] : [value]) writeValue(pieces, Number(number), field, item)
  }
  for (const bytes of (message as Message).unknown ?? []) put(pieces, bytes)
  return pieces
}

function writeValue (pieces: Pieces, number: number, { kind }: SchemaField, value: unknown): void {
  if (isNumber(kind)) putNumber(pieces, number, value as number | bigint)
  else if (kind === 'bytes') putBytes(pieces, number, createPieces(value as Uint8Array))
  else if (kind === 'string') putBytes(pieces, number, createPieces(utf8.encoder.encode(value as string)))
  else putBytes(pieces, number, writeMessage(kind, value as Record<string, unknown>))
}
