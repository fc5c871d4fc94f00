/**
 * The part of onnx.proto3 that inspection, conversion and the workers need: its messages as types, and their fields by
 * number (onnx/onnx.proto3 in the repository of ONNX).
 */

export interface Message { unknown?: Uint8Array[] }

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

export type Scalar = 'size' | 'int64' | 'string' | 'bytes'
export type SchemaName = keyof typeof schemas
export interface SchemaField { name: string, kind: Scalar | SchemaName, repeated: boolean }

function one (name: string, kind: string): SchemaField { return { name, kind: kind as SchemaField['kind'], repeated: false } }
function many (name: string, kind: string): SchemaField { return { name, kind: kind as SchemaField['kind'], repeated: true } }

/** `size` is an int64 that fits a number (dimensions, versions, enumerations); `int64` keeps all 64 bits. */
export const schemas = {
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
} satisfies Record<string, Record<number, SchemaField>>

/** The numbers of a message's fields, by name: `fieldNumbers('Graph').node` is 1. */
export function fieldNumbers (schema: SchemaName): Record<string, number> {
  return Object.fromEntries(Object.entries(schemas[schema]).map(([number, { name }]) => [name, Number(number)]))
}
