/**
 * Activation ranges of detectors that the project knows, so that their int8 files are made without photos. A file holds
 * numbers that `npm run models -- quantize MODEL --photos FOLDER --ranges FILE` computed; nothing of a photo can be
 * seen in them.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isKept, keep } from '../convert/cache.ts'
import { decodeModel, encodeModel } from '../convert/onnx.ts'
import { planOf } from './plan.ts'
import { quantised } from './graph.ts'
import { withFastExpectations } from '../faster/expectation.ts'

const folder = fileURLToPath(new URL('../../models/ranges', import.meta.url))

/** Raised whenever the same ranges would give another file, so that old ones are not found again. */
const method = 1

/** Weights that processors with VNNI, AMX or ARM dot products multiply exactly. */
const largestWeight = 127

export const RangesFileSchema = Type.Object({
  format: Type.Literal('ranges-1'),
  model: Type.String(),
  /** Of the float32 file. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Photos that were shown to it. */
  photos: Type.Integer({ minimum: 1 }),
  /** Where the photos came from. */
  provenance: Type.String(),
  /** Least and largest value of each group of activations, by the name of its first tensor. */
  ranges: Type.Record(Type.String(), Type.Tuple([Type.Number(), Type.Number()]))
})

export type RangesFile = Static<typeof RangesFileSchema>

/** The ranges of the model with these bytes; null where none are known. */
export async function knownRanges (sha256: string): Promise<RangesFile | null> {
  for (const name of (await readdir(folder)).filter(name => name.endsWith('.json'))) {
    const content: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'))
    if (Value.Check(RangesFileSchema, content) && content.sha256 === sha256) return content
  }
  return null
}

/** Which integers a file made of known ranges holds: part of the contract of its features. */
export const knownInt8 = `int8-${method}`

/**
 * The int8 file of `source`, which has the bytes that the ranges belong to; made on the first call and kept in
 * `cacheDir` beside its hash.
 * @throws {ConvertError} `malformed_onnx` or `unsupported_model`
 */
export async function int8From ({ sha256, ranges }: RangesFile, source: string, cacheDir: string): Promise<string> {
  const path = join(cacheDir, `${basename(source, extname(source))}.${sha256.slice(0, 16)}.${knownInt8}.onnx`)
  if (!await isKept(path)) {
    const known = new Map(Object.entries(ranges).map(([name, [min, max]]) => [name, { min, max }]))
    const model = decodeModel(await readFile(source))
    await keep(
      path,
      encodeModel(withFastExpectations(quantised(model, planOf(model.graph!), known, { largestWeight })))
    )
  }
  return path
}
