/** Runs a network on photos to learn which values its activations take. */
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CalibrationReport, CalibrationSetup } from '../../../workers/thread-setup.ts'
import { ConvertError } from '../convert/errors.ts'
import { dataType, type ModelProto } from '../../../onnx/schema.ts'
import { encodeModel } from '../convert/onnx.ts'

/** The additional output of an activation, which an Identity carries there: it may be an input or an output already. */
const copyOf = (name: string): string => `${name}/calibration`

/**
 * Histograms of `activations` over the photos. The worker draws the input as the service does; of the photos nothing is
 * kept but counts.
 * @throws {ConvertError} `no_photos` when no photo could be read or none has a face for a network that looks at faces;
 *   `unsupported_model` when onnxruntime cannot run the network
 */
export async function calibrate (
  model: ModelProto,
  activations: string[],
  setup: Omit<CalibrationSetup, 'path' | 'activations'>
): Promise<CalibrationReport> {
  const folder = await mkdtemp(join(tmpdir(), 'models-quantize-'))
  try {
    const path = join(folder, 'calibration.onnx')
    await writeFile(path, encodeModel(withOutputs(model, activations)))
    const names = new Map(activations.map(name => [copyOf(name), name]))
    const worker = new Worker(new URL('../../../workers/calibrate.ts', import.meta.url), {
      workerData: { ...setup, path, activations: [...names.keys()] } satisfies CalibrationSetup
    })
    const [report] = (await once(worker, 'message').catch((cause: Error) => {
      throw new ConvertError(
        'unsupported_model',
        `expected a model that onnxruntime can run, found: ${cause.message}`,
        { cause }
      )
    })) as [CalibrationReport]
    await once(worker, 'exit')
    if (report.runs === 0) {
      throw new ConvertError(
        'no_photos',
        report.seen === 0
          ? `expected photos to calibrate with, found none among ${report.unreadable} files`
          : `expected faces on the photos to calibrate with, found none on ${report.seen} photos`
      )
    }
    return {
      ...report,
      histograms: new Map([...report.histograms].map(([name, histogram]) => [names.get(name)!, histogram]))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * The files of a folder and the folders in it, in order of their names.
 * @throws {ConvertError} `unreadable_file` when the folder cannot be read, `no_photos` when it is empty
 */
export async function photosIn (folder: string, limit: number): Promise<string[]> {
  const entries = await readdir(
    folder,
    { recursive: true, withFileTypes: true }
  ).catch((cause: NodeJS.ErrnoException) => {
    throw new ConvertError('unreadable_file', `expected a folder of photos at ${folder}, found none (${cause.code})`, {
      cause
    })
  })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).sort()
  if (files.length === 0) throw new ConvertError('no_photos', `expected photos in ${folder}, found an empty folder`)
  // Evenly over the whole folder: neighbours in name are often of one person or one afternoon.
  return files.length <= limit
    ? files
    : Array.from({ length: limit }, (_, i) => files[Math.floor(i * files.length / limit)]!)
}

function withOutputs (model: ModelProto, activations: string[]): ModelProto {
  const graph = model.graph!
  return {
    ...model,
    graph: {
      ...graph,
      node: [
        ...(graph.node ?? []),
        ...activations.map(name => ({ opType: 'Identity', input: [name], output: [copyOf(name)] }))
      ],
      output: [
        ...(graph.output ?? []),
        ...activations.map(name => ({ name: copyOf(name), type: { tensorType: { elemType: dataType.float } } }))
      ]
    }
  }
}
