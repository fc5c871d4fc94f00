/** What an ONNX file is: read from the file itself, without running it. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { describeFile } from './describe-file.ts'
import { ConvertError } from './errors.ts'
import { decodeModel } from './onnx.ts'
import {
  externalLocation,
  type GraphProto,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto
} from '../../../onnx/schema.ts'

/** Enough of a file to recognise what it is instead of a model. */
const HEAD_BYTES = 256

/** Protobuf's own limit. */
const maxFileBytes = 2 ** 31 - 1

export interface OnnxValue {
  name: string
  /** onnxruntime's name of the element type, for example `float32`. */
  type: string
  /** A size, a symbolic name, or null for a dimension the file leaves open; null: no shape at all. */
  shape: (number | string | null)[] | null
}

export interface OnnxInfo {
  inputs: OnnxValue[]
  outputs: OnnxValue[]
  metadata: Record<string, string>
  /** Version of the default operator set; null when the model uses other sets only. */
  opset: number | null
  producer: string
  /** Class names in order, from the metadata entry `names` as Ultralytics writes it; null without one. */
  labels: string[] | null
  /** Nodes of the main graph. */
  nodes: number
  /** Names of the files beside the model that hold weights. */
  externalFiles: string[]
}

/** TensorProto.DataType */
const typeNames: Record<number, string> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16'
}

function describe ({ name = '', type }: ValueInfoProto): OnnxValue {
  const tensor = type?.tensorType
  return {
    name,
    type: typeNames[tensor?.elemType ?? 0] ?? 'unknown',
    shape: tensor?.shape ? (tensor.shape.dim ?? []).map(dim => dim.dimValue ?? dim.dimParam ?? null) : null
  }
}

/** A quoted text with backslash escapes, as Python and JSON write it, and the comma behind it. */
const quoted = /(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/.source
/** One entry of a list, and one pair of a dictionary: its key is a number, in JSON between quotes. */
const entries = {
  list: new RegExp(`\\s*()${quoted}`, 'y'),
  dictionary: new RegExp(`\\s*(?:"(?=\\d+"))?(\\d+)"?\\s*:\\s*${quoted}`, 'y')
}

/**
 * Reads class names from a dictionary or a list in the notation of Python or JSON: Ultralytics stores
 * `{0: 'person', 1: "bird's nest"}`, other exporters `["person", "dog"]` or `{"0": "person"}`.
 *
 * @returns null unless there are names, and the keys of a dictionary are 0, 1, 2, ... in some order
 */
export function parseLabels (names: string): string[] | null {
  const [, dictionary, list] = /^\s*(?:\{(.*)\}|\[(.*)\])\s*$/s.exec(names) ?? []
  const body = dictionary ?? list
  if (body === undefined) return null
  const entry = list === undefined ? entries.dictionary : entries.list
  const labels = new Map<number, string>()
  entry.lastIndex = 0
  while (entry.lastIndex < body.trimEnd().length) {
    const found = entry.exec(body)
    if (!found) return null
    const text = (found[2] ?? found[3] ?? '').replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code?: string, escaped = '') =>
      code === undefined ? (escapes[escaped] ?? escaped) : String.fromCharCode(parseInt(code, 16))
    )
    labels.set(list === undefined ? Number(found[1]) : labels.size, text)
  }
  const inOrder = Array.from({ length: labels.size }, (_, i) => labels.get(i))
  return inOrder.length > 0 && inOrder.every(label => label !== undefined) ? inOrder : null
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' }

/** The text that `parseLabels` reads back, and Python as well. */
export function formatLabels (labels: string[]): string {
  const quote = (label: string) =>
    `'${label.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}'`
  return `{${labels.map((label, i) => `${i}: ${quote(label)}`).join(', ')}}`
}

/** The weights of a graph: initializers, constants, and those of the branches inside its nodes. */
function tensorsOf ({ initializer = [], node = [] }: GraphProto): TensorProto[] {
  const inside = node.flatMap(({ attribute = [] }) => attribute.flatMap(({ t, g, graphs = [] }) =>
    [...t ? [t] : [], ...(g ? [g, ...graphs] : graphs).flatMap(tensorsOf)]))
  return [...initializer, ...inside]
}

/** Tensors whose bytes lie in other files, with those files' names. */
function externalFiles (tensors: TensorProto[]): string[] {
  const external = tensors.filter(tensor => tensor.dataLocation === externalLocation)
  return [...new Set(external.map(tensor => tensor.externalData?.find(({ key }) => key === 'location')?.value ?? ''))]
}

async function requireExternalFiles (path: string, files: string[]): Promise<void> {
  const folder = dirname(resolve(path))
  for (const file of files) {
    const full = resolve(folder, file)
    const inside = file !== '' && full.startsWith(folder.endsWith(sep) ? folder : folder + sep)
    if (inside && await stat(full).then(info => info.isFile(), () => false)) continue
    throw new ConvertError(
      'missing_external_data',
      `expected the weights of ${path} in the file ${JSON.stringify(file)} beside it, found ${inside ? 'none' : 'a path outside its folder'}`
    )
  }
}

function metadataOf (model: ModelProto): Record<string, string> {
  return Object.fromEntries((model.metadataProps ?? []).map(({ key = '', value = '' }) => [key, value]))
}

async function readOnnx (path: string): Promise<ModelProto> {
  const info = await stat(path).catch(error => {
    throw new ConvertError('unreadable_file', `expected a readable file at ${path}, found none (${error.code})`, {
      cause: error
    })
  })
  if (info.size > maxFileBytes) { throw new ConvertError('too_large', `expected an ONNX file below 2 GiB, found ${info.size} bytes`) }
  const bytes = await readFile(path)
  try {
    return decodeModel(bytes)
  } catch (error) {
    if (!(error instanceof ConvertError)) throw error
    throw new ConvertError(
      error.code,
      `expected an ONNX model in ${path}, found ${describeFile(bytes.subarray(0, HEAD_BYTES))} (${error.message})`,
      { cause: error }
    )
  }
}

/**
 * @throws ConvertError `malformed_onnx`, or `missing_external_data` when weights are stored in a file that is not there
 */
export async function inspectOnnx (path: string): Promise<OnnxInfo> {
  const model = await readOnnx(path)
  const { node = [], initializer = [], input = [], output = [] } = model.graph ?? {}
  const files = externalFiles(tensorsOf(model.graph ?? {}))
  await requireExternalFiles(path, files)
  const metadata = metadataOf(model)
  const weights = new Set(initializer.map(({ name }) => name))
  return {
    inputs: input.filter(({ name }) => !weights.has(name)).map(describe),
    outputs: output.map(describe),
    metadata,
    opset: model.opsetImport?.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx')?.version ?? null,
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' '),
    labels: metadata.names === undefined ? null : parseLabels(metadata.names),
    nodes: node.length,
    externalFiles: files
  }
}
