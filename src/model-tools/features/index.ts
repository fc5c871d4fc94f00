/**
 * Gives a detector more outputs: its own inner maps, pooled, which say what a picture shows beyond the labels that the
 * detector was trained for. They cost no second look at the picture.
 */
import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { FeatureOutputs } from '../../../workers/types.ts'
import { isKept, keep } from '../convert/cache.ts'
import { type AttributeProto, attributeType, dataType, type ModelProto, type NodeProto } from '../../../onnx/schema.ts'
import { decodeModel, encodeModel } from '../convert/onnx.ts'
import { findTaps, type Tap } from './taps.ts'

/**
 * Raised whenever the same detector would give other numbers, so that nothing made for the old ones is used with them.
 */
export const featureVersion = 1

/** No exporter names a value like this. */
const prefix = 'features/'

interface Outputs { nodes: NodeProto[], names: FeatureOutputs }

/**
 * The file of `source` (whose published form has the hash `sha256`) with pooled maps as more outputs; made on the first
 * call and kept in `cacheDir`. Null where the graph holds no maps that are known to be of use.
 * @throws {ConvertError} for a file that is no ONNX model
 */
export async function withFeatureOutputs (
  source: string,
  sha256: string,
  cacheDir: string
): Promise<{ path: string, outputs: FeatureOutputs[] } | null> {
  const path = join(cacheDir, `${basename(source, extname(source))}.${sha256.slice(0, 16)}.f${featureVersion}.onnx`)
  const model = decodeModel(await readFile(source))
  const taps = findTaps(model.graph!)
  if (taps === null) return null
  if (!await isKept(path)) await keep(path, encodeModel(addFeatureOutputs(model, taps)))
  return { path, outputs: taps.map((_, index) => namesOf(index)) }
}

/**
 * The model with two more outputs a tap, float32: [1, channels, rows, columns], the mean of each cell of the coarsest
 * map, and [1, channels, 1, 1], the maximum.
 */
export function addFeatureOutputs (model: ModelProto, taps: Tap[]): ModelProto {
  const graph = model.graph!
  const added = taps.map(poolTap)
  return {
    ...model,
    graph: {
      ...graph,
      node: [...graph.node ?? [], ...added.flatMap(({ nodes }) => nodes)],
      output: [
        ...graph.output ?? [],
        ...added.flatMap(({ names }) => [names.cells, names.max]).map(name => ({
          name,
          type: { tensorType: { elemType: dataType.float } }
        }))
      ]
    }
  }
}

function namesOf (index: number): FeatureOutputs {
  return { cells: `${prefix}${index}/cells`, max: `${prefix}${index}/max` }
}

function poolTap ({ value, finer }: Tap, index: number): Outputs {
  const names = namesOf(index)
  const pooled = { cells: `${names.cells}/pooled`, max: `${names.max}/pooled` }
  return {
    names,
    nodes: [
      finer === 1
        ? { opType: 'Identity', input: [value], output: [pooled.cells] }
        : {
            opType: 'AveragePool',
            input: [value],
            output: [pooled.cells],
            attribute: [integers('kernel_shape', [finer, finer]), integers('strides', [finer, finer])]
          },
      { opType: 'GlobalMaxPool', input: [value], output: [pooled.max] },
      // A half-precision network answers in float32 all the same.
      ...[names.cells, names.max].map((name, i) => ({
        opType: 'Cast',
        input: [i === 0 ? pooled.cells : pooled.max],
        output: [name],
        attribute: [{ name: 'to', i: BigInt(dataType.float), type: attributeType.int }]
      }))
    ]
  }
}

function integers (name: string, values: number[]): AttributeProto {
  return { name, ints: values.map(BigInt), type: attributeType.ints }
}
