/**
 * Makes the 8-bit version of a float network by static quantisation: scales are fixed once, from what the activations
 * are on photos, and weights are rounded. Nothing is trained.
 */
import { readFile } from 'node:fs/promises'
import type { CalibrationSetup } from '../../../workers/thread-setup.ts'
import { writeAtomically } from '../convert/cache.ts'
import { ConvertError } from '../convert/errors.ts'
import { decodeModel, encodeModel } from '../convert/onnx.ts'
import type { ModelProto } from '../../../onnx/schema.ts'
import { calibrate } from './calibrate.ts'
import { withFastExpectations } from '../faster/expectation.ts'
import { quantised, type QuantizeOptions } from './graph.ts'
import type { Range } from './numbers.ts'
import { planOf } from './plan.ts'
import { withoutPRelu } from '../faster/prelu.ts'
import { rangesOf, unknownActivations } from './ranges.ts'

export { photosIn } from './calibrate.ts'

export interface Quantised {
  /** Layers with int8 weights. */
  layers: number
  /** Tensors that are rounded to uint8. */
  activations: number
  /**
   * Photos that were seen, files that are none, and runs of the model: one a photo for an object detector, one a face
   * for an embedder.
   */
  photos: number
  unreadable: number
  runs: number
  /** Range of each group of activations, by the name of its first tensor. */
  ranges: Map<string, Range>
}

export interface Source {
  path: string
  sha256: string
}

/**
 * Writes the int8 version of `source` to `target`, whole or not at all. Its metadata names the source and the number of
 * photos; the photos leave nothing else behind.
 * @throws {ConvertError} `unreadable_file`, `malformed_onnx`, `unsupported_model`, or `no_photos` when none shows
 *   what the model looks at
 */
export async function quantize (
  source: Source,
  target: string,
  setup: Omit<CalibrationSetup, 'path' | 'activations'>,
  options: QuantizeOptions
): Promise<Quantised> {
  const bytes = await readFile(source.path).catch((cause: NodeJS.ErrnoException) => {
    throw new ConvertError(
      'unreadable_file',
      `expected a readable file at ${source.path}, found none (${cause.code})`,
      { cause }
    )
  })
  const original = decodeModel(bytes)
  const model = { ...original, graph: withoutPRelu(original.graph!) }
  const plan = planOf(model.graph)
  const { histograms, seen, unreadable, runs } = await calibrate(model, unknownActivations(plan), setup)
  const ranges = rangesOf(plan, histograms)
  const integers = quantised(model, plan, ranges, options)
  await writeAtomically(
    target,
    encodeModel(
      withMetadata(withFastExpectations(integers), {
        quantized_from_sha256: source.sha256,
        calibration_photos: String(seen),
        calibration_runs: String(runs)
      })
    )
  )
  return { layers: plan.kernels.size, activations: plan.activations.size, photos: seen, unreadable, runs, ranges }
}

function withMetadata (model: ModelProto, added: Record<string, string>): ModelProto {
  const kept = (model.metadataProps ?? []).filter(({ key }) => added[key ?? ''] === undefined)
  return { ...model, metadataProps: [...kept, ...Object.entries(added).map(([key, value]) => ({ key, value }))] }
}
