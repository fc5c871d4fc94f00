/**
 * Reads the few facts of an ONNX file that onnxruntime-node does not tell. An ONNX file is one protobuf message; only
 * the fields named here are looked at, everything else (the weights above all) is skipped without reading it.
 */
import { closeSync, openSync, readSync, fstatSync } from 'node:fs'
import { ModelError } from './model-error.ts'

export interface OnnxFacts {
  /** `metadata_props`; Ultralytics keeps the class names under `names`. */
  metadata: Record<string, string>
  /** Kinds of the operators in the main graph. */
  operators: Set<string>
}

// Field numbers of onnx.proto3.
const model = { graph: 7, metadataProps: 14 }
const graph = { node: 1 }
const node = { opType: 4 }
const entry = { key: 1, value: 2 }

/** Throws ModelError `model_unreadable` when the file is no protobuf message. */
export function readOnnxFacts (path: string): OnnxFacts {
  const file = openSync(path, 'r')
  try {
    const facts: OnnxFacts = { metadata: {}, operators: new Set() }
    const reader = new Reader(file, path)
    for (const field of reader.fields({ start: 0, end: fstatSync(file).size })) {
      if (field.number === model.metadataProps) {
        const strings = new Map([...reader.fields(field)].map(part => [part.number, reader.text(part)]))
        facts.metadata[strings.get(entry.key) ?? ''] = strings.get(entry.value) ?? ''
      } else if (field.number === model.graph) {
        for (const operation of reader.fields(field)) {
          if (operation.number !== graph.node) continue
          for (const part of reader.fields(operation)) {
            if (part.number === node.opType) facts.operators.add(reader.text(part))
          }
        }
      }
    }
    return facts
  } finally {
    closeSync(file)
  }
}

/** Class names from the Python dictionary that Ultralytics writes: `{0: 'person', 1: "driver's seat"}`. */
export function parseNames (names: string): string[] {
  const labels: string[] = []
  for (const [, index, single, double] of names.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)) {
    labels[Number(index)] = (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')
  }
  return Array.from(labels, (label, i) => label ?? `class ${i}`)
}

interface Range { start: number, end: number }

/** Bytes of a file in chunks, since fields lie both close together and megabytes apart. */
class Reader {
  readonly #file: number
  readonly #path: string
  readonly #chunk = Buffer.alloc(64 * 1024)
  #from = 0
  #to = 0

  constructor (file: number, path: string) {
    this.#file = file
    this.#path = path
  }

  /** The length-delimited fields of a message; numbers are skipped. */
  * fields ({ start, end }: Range): Generator<Range & { number: number }> {
    let at = start
    while (at < end) {
      const tag = this.#varint(at)
      at = tag.end
      const wireType = tag.value % 8
      if (wireType === 0) at = this.#varint(at).end
      else if (wireType === 1) at += 8
      else if (wireType === 5) at += 4
      else if (wireType === 2) {
        const length = this.#varint(at)
        at = length.end + length.value
        if (at > end) throw this.#broken()
        yield { number: Math.floor(tag.value / 8), start: length.end, end: at }
      } else throw this.#broken()
    }
  }

  text ({ start, end }: Range): string {
    const bytes = Buffer.alloc(end - start)
    readSync(this.#file, bytes, 0, bytes.length, start)
    return bytes.toString('utf8')
  }

  #varint (start: number): { value: number, end: number } {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte(start + i)
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return { value, end: start + i + 1 }
    }
    throw this.#broken()
  }

  #byte (at: number): number {
    if (at < this.#from || at >= this.#to) {
      this.#from = at
      this.#to = at + readSync(this.#file, this.#chunk, 0, this.#chunk.length, at)
      if (at >= this.#to) throw this.#broken()
    }
    return this.#chunk[at - this.#from]!
  }

  #broken (): ModelError {
    return new ModelError(
      'model_unreadable',
      `Expected an ONNX model in ${this.#path}, but the file is damaged or of another kind. Install the model again.`
    )
  }
}
