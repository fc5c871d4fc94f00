/**
 * Reading and writing ONNX files: the part of onnx.proto3 that conversion and inspection need. Fields that are not
 * listed in `schemas` are kept byte for byte, so a file that is read, changed and written loses nothing.
 *
 * Wire format: protobuf.dev/programming-guides/encoding; field numbers: onnx/onnx.proto3.
 */
import { ConvertError } from './errors.ts'

interface Message { unknown?: Uint8Array[] }

export interface ModelProto extends Message {
  irVersion?: number
  producerName?: string
  producerVersion?: string
  graph?: GraphProto
  opsetImport?: OperatorSetIdProto[]
  metadataProps?: StringStringEntryProto[]
}
export interface OperatorSetIdProto extends Message { domain?: string, version?: number }
export interface StringStringEntryProto extends Message { key?: string, value?: string }
export interface GraphProto extends Message {
  node?: NodeProto[]
  name?: string
  initializer?: TensorProto[]
  input?: ValueInfoProto[]
  output?: ValueInfoProto[]
}
export interface NodeProto extends Message {
  input?: string[]
  output?: string[]
  name?: string
  opType?: string
  domain?: string
  attribute?: AttributeProto[]
}
export interface AttributeProto extends Message {
  name?: string
  i?: bigint
  s?: Uint8Array
  t?: TensorProto
  g?: GraphProto
  ints?: bigint[]
  graphs?: GraphProto[]
  type?: number
}
export interface TensorProto extends Message {
  dims?: number[]
  dataType?: number
  /** Packed little-endian floats, in one or more pieces; other files keep them in `rawData`. */
  floatData?: Uint8Array[]
  int64Data?: bigint[]
  name?: string
  rawData?: Uint8Array
  externalData?: StringStringEntryProto[]
  dataLocation?: number
}
export interface ValueInfoProto extends Message { name?: string, type?: TypeProto }
export interface TypeProto extends Message { tensorType?: TensorTypeProto }
export interface TensorTypeProto extends Message { elemType?: number, shape?: TensorShapeProto }
export interface TensorShapeProto extends Message { dim?: DimensionProto[] }
/** A fixed size, a symbolic one (`batch`), or neither. */
export interface DimensionProto extends Message { dimValue?: number, dimParam?: string }

/** AttributeProto.type */
export const attributeType = { int: 2, string: 3, tensor: 4, ints: 7 }
/** TensorProto.data_type */
export const dataType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 }
/** TensorProto.data_location */
export const externalLocation = 1

type Scalar = 'size' | 'int64' | 'string' | 'bytes'
type SchemaName = keyof typeof schemas
interface Field { name: string, kind: Scalar | SchemaName, repeated: boolean }

function one (name: string, kind: string): Field { return { name, kind: kind as Field['kind'], repeated: false } }
function many (name: string, kind: string): Field { return { name, kind: kind as Field['kind'], repeated: true } }

/** `size` is an int64 that fits a number (dimensions, versions, enumerations); `int64` keeps all 64 bits. */
const schemas = {
  Model: {
    1: one('irVersion', 'size'),
    2: one('producerName', 'string'),
    3: one('producerVersion', 'string'),
    7: one('graph', 'Graph'),
    8: many('opsetImport', 'OperatorSetId'),
    14: many('metadataProps', 'StringStringEntry')
  },
  OperatorSetId: { 1: one('domain', 'string'), 2: one('version', 'size') },
  StringStringEntry: { 1: one('key', 'string'), 2: one('value', 'string') },
  Graph: {
    1: many('node', 'Node'),
    2: one('name', 'string'),
    5: many('initializer', 'Tensor'),
    11: many('input', 'ValueInfo'),
    12: many('output', 'ValueInfo')
  },
  Node: {
    1: many('input', 'string'),
    2: many('output', 'string'),
    3: one('name', 'string'),
    4: one('opType', 'string'),
    5: many('attribute', 'Attribute'),
    7: one('domain', 'string')
  },
  Attribute: {
    1: one('name', 'string'),
    3: one('i', 'int64'),
    4: one('s', 'bytes'),
    5: one('t', 'Tensor'),
    6: one('g', 'Graph'),
    8: many('ints', 'int64'),
    11: many('graphs', 'Graph'),
    20: one('type', 'size')
  },
  Tensor: {
    1: many('dims', 'size'),
    2: one('dataType', 'size'),
    4: many('floatData', 'bytes'),
    7: many('int64Data', 'int64'),
    8: one('name', 'string'),
    9: one('rawData', 'bytes'),
    13: many('externalData', 'StringStringEntry'),
    14: one('dataLocation', 'size')
  },
  ValueInfo: { 1: one('name', 'string'), 2: one('type', 'Type') },
  Type: { 1: one('tensorType', 'TensorType') },
  TensorType: { 1: one('elemType', 'size'), 2: one('shape', 'TensorShape') },
  TensorShape: { 1: many('dim', 'Dimension') },
  Dimension: { 1: one('dimValue', 'size'), 2: one('dimParam', 'string') }
} satisfies Record<string, Record<number, Field>>

const varintType = 0
const fixed64Type = 1
const bytesType = 2
const fixed32Type = 5

/** Graphs nest inside the attributes of If and Loop; each level takes four messages. */
const maxDepth = 64
/** A large network has some ten thousand messages; the limit bounds what a hostile file of empty ones can cost. */
const maxMessages = 2_000_000

function malformed (found: string): ConvertError {
  return new ConvertError('malformed_onnx', `expected an ONNX file, found ${found}`)
}

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder('utf-8', { fatal: true }) }

class Decoder {
  readonly bytes: Uint8Array
  position = 0
  messages = 0

  constructor (bytes: Uint8Array) { this.bytes = bytes }

  varint (end: number): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.position >= end) break
      const byte = this.bytes[this.position++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw malformed('a number cut short or longer than 64 bits')
  }

  /** A varint that is small unless the file is damaged. */
  count (end: number): number {
    const first = this.bytes[this.position]!
    if (this.position < end && first < 0x80) {
      this.position++
      return first
    }
    const value = this.varint(end)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`the length ${value}`)
    return Number(value)
  }

  slice (length: number, end: number): Uint8Array {
    if (length > end - this.position) { throw malformed(`a field of ${length} bytes where ${end - this.position} are left`) }
    const start = this.position
    this.position += length
    return this.bytes.subarray(start, this.position)
  }

  skip (wireType: number, end: number): void {
    if (wireType === varintType) this.varint(end)
    else if (wireType === fixed64Type) this.slice(8, end)
    else if (wireType === bytesType) this.slice(this.count(end), end)
    else if (wireType === fixed32Type) this.slice(4, end)
    else throw malformed(`a field of the unknown wire type ${wireType}`)
  }

  message (schema: Record<number, Field>, end: number, depth: number): Record<string, unknown> {
    if (depth > maxDepth) throw malformed(`messages nested deeper than ${maxDepth}`)
    if (++this.messages > maxMessages) throw malformed(`more than ${maxMessages} messages`)
    const message: Record<string, unknown> = {}
    const unknown: Uint8Array[] = []
    while (this.position < end) {
      const start = this.position
      const tag = this.count(end)
      const wireType = tag & 7
      const field = schema[Math.floor(tag / 8)]
      if (!field || !this.fits(field, wireType)) {
        this.skip(wireType, end)
        unknown.push(this.bytes.subarray(start, this.position))
      } else if (!field.repeated) {
        message[field.name] = this.value(field.kind, end, depth)
      } else {
        const list = (message[field.name] ??= []) as unknown[]
        if (wireType === bytesType && isNumber(field.kind)) this.packed(list, field.kind, end)
        else list.push(this.value(field.kind, end, depth))
      }
    }
    if (unknown.length > 0) message.unknown = unknown
    return message
  }

  fits ({ kind, repeated }: Field, wireType: number): boolean {
    return isNumber(kind) ? wireType === varintType || (repeated && wireType === bytesType) : wireType === bytesType
  }

  packed (list: unknown[], kind: 'size' | 'int64', end: number): void {
    const length = this.count(end)
    const last = this.position + length
    if (last > end) throw malformed(`a list of ${length} bytes where ${end - this.position} are left`)
    while (this.position < last) list.push(this.number(kind, last))
  }

  number (kind: 'size' | 'int64', end: number): number | bigint {
    const value = BigInt.asIntN(64, this.varint(end))
    if (kind === 'int64') return value
    const size = Number(value)
    if (!Number.isSafeInteger(size)) throw malformed(`the size ${value}`)
    return size
  }

  value (kind: Field['kind'], end: number, depth: number): unknown {
    if (isNumber(kind)) return this.number(kind, end)
    const length = this.count(end)
    if (kind === 'bytes') return this.slice(length, end)
    if (kind === 'string') {
      const bytes = this.slice(length, end)
      try {
        return utf8.decoder.decode(bytes)
      } catch {
        throw malformed('text that is not UTF-8')
      }
    }
    if (length > end - this.position) { throw malformed(`a message of ${length} bytes where ${end - this.position} are left`) }
    return this.message(schemas[kind as SchemaName], this.position + length, depth + 1)
  }
}

function isNumber (kind: Field['kind']): kind is 'size' | 'int64' {
  return kind === 'size' || kind === 'int64'
}

/**
 * @param bytes a whole ONNX file; `rawData` of the result are views of it
 * @throws ConvertError `malformed_onnx`
 */
export function decodeModel (bytes: Uint8Array): ModelProto {
  const model: ModelProto = new Decoder(bytes).message(schemas.Model, bytes.length, 0)
  if (!model.graph) throw malformed('a file without a graph')
  if (!model.opsetImport?.length) throw malformed('a file without an operator set')
  return model
}

/** Byte pieces of a message, joined once at the end so that weights are copied once. */
interface Pieces { list: Uint8Array[], length: number }

function put (pieces: Pieces, bytes: Uint8Array): void {
  pieces.list.push(bytes)
  pieces.length += bytes.length
}

function putVarint (pieces: Pieces, value: number | bigint): void {
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80)
  out.push(Number(rest))
  put(pieces, Uint8Array.from(out))
}

function putValue (pieces: Pieces, number: number, { kind }: Field, value: unknown): void {
  if (isNumber(kind)) {
    putVarint(pieces, number * 8 + varintType)
    putVarint(pieces, value as number | bigint)
    return
  }
  const body = kind === 'bytes' || kind === 'string'
    ? leaf(kind === 'string' ? utf8.encoder.encode(value as string) : value as Uint8Array)
    : encodeMessage(schemas[kind as SchemaName], value as Record<string, unknown>)
  putVarint(pieces, number * 8 + bytesType)
  putVarint(pieces, body.length)
  for (const bytes of body.list) put(pieces, bytes)
}

function leaf (bytes: Uint8Array): Pieces { return { list: [bytes], length: bytes.length } }

function encodeMessage (schema: Record<number, Field>, message: Record<string, unknown>): Pieces {
  const pieces: Pieces = { list: [], length: 0 }
  for (const [number, field] of Object.entries(schema)) {
    const value = message[field.name]
    if (value === undefined) continue
    for (const item of field.repeated ? value as unknown[] : [value]) putValue(pieces, Number(number), field, item)
  }
  for (const bytes of (message as Message).unknown ?? []) put(pieces, bytes)
  return pieces
}

/** The bytes of an ONNX file. */
export function encodeModel (model: ModelProto): Uint8Array {
  return Buffer.concat(encodeMessage(schemas.Model, { ...model }).list)
}
