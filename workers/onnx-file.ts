/**
 * Reads the few facts of an ONNX file that onnxruntime-node does not report. An ONNX file is one protobuf message; only
 * the fields named here are read, and everything else (the weights above all) is skipped.
 */
import { closeSync, openSync, readSync, fstatSync } from 'node:fs'
import { type ByteSource, type Field, ProtobufError, readFields } from '../onnx/protobuf.ts'
import { fieldNumbers } from '../onnx/schema.ts'
import { ModelError } from './model-error.ts'

export interface OnnxFacts {
  /** `metadata_props`; Ultralytics keeps the class names under `names`. */
  metadata: Record<string, string>
  /** Kinds of the operators in the main graph. */
  operators: Set<string>
}

const model = fieldNumbers('Model')
const graph = fieldNumbers('Graph')
const node = fieldNumbers('Node')
const entry = fieldNumbers('StringStringEntry')

/**
 * The facts of the file at `path`.
 * @throws {ModelError} `model_unreadable` when the file is no protobuf message
 */
export function readOnnxFacts (path: string): OnnxFacts {
  const file = openSync(path, 'r')
  try {
    return readFacts(new FileBytes(file))
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw new ModelError(
      'model_unreadable',
      `Expected an ONNX model in ${path}, but the file is damaged or of another kind. Install the model again.`
    )
  } finally {
    closeSync(file)
  }
}

function readFacts (file: FileBytes): OnnxFacts {
  const facts: OnnxFacts = { metadata: {}, operators: new Set() }
  for (const field of readFields(file)) {
    if (field.number === model['metadataProps']) {
      const parts = [...readFields(file, field.start, field.end)]
      const strings = new Map(parts.map(part => [part.number, file.text(part)]))
      facts.metadata[strings.get(entry['key']!) ?? ''] = strings.get(entry['value']!) ?? ''
    } else if (field.number === model['graph']) {
      for (const operation of readFields(file, field.start, field.end)) {
        if (operation.number !== graph['node']) continue
        for (const part of readFields(file, operation.start, operation.end)) {
          if (part.number === node['opType']) facts.operators.add(file.text(part))
        }
      }
    }
  }
  return facts
}

/** Class names from the Python dictionary that Ultralytics writes: `{0: 'person', 1: "driver's seat"}`. */
export function parseNames (names: string): string[] {
  const labels: string[] = []
  for (const [, index, single, double] of names.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)) {
    labels[Number(index)] = (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')
  }
  return Array.from(labels, (label, i) => label ?? `class ${i}`)
}

/** Bytes of a file in chunks, since fields lie both close together and megabytes apart. */
class FileBytes implements ByteSource {
  readonly length: number
  readonly #file: number
  readonly #chunk = Buffer.alloc(64 * 1024)
  #from = 0
  #to = 0

  constructor (file: number) {
    this.#file = file
    this.length = fstatSync(file).size
  }

  at (index: number): number | undefined {
    if (index < this.#from || index >= this.#to) {
      this.#from = index
      this.#to = index + readSync(this.#file, this.#chunk, 0, this.#chunk.length, index)
    }
    return index < this.#to ? this.#chunk[index - this.#from] : undefined
  }

  text ({ start, end }: Field): string {
    const bytes = Buffer.alloc(end - start)
    readSync(this.#file, bytes, 0, bytes.length, start)
    return bytes.toString('utf8')
  }
}
