/** Opens the object detector, with another input size and with its features where it has them. */
import { ModelError } from './model-error.ts'
import { featureContract } from './features.ts'
import { createObjectDetector, type ObjectDetector } from './object-detector.ts'
import { parseNames, readOnnxFacts } from './onnx-file.ts'
import type { Session } from './session.ts'
import type { SizedObjectDetector } from './types.ts'

export interface OpenObjectDetector {
  findObjects: ObjectDetector
  labels: string[]
  /** The contract of its features. */
  features: string
  /** What the operator should know, in sentences. */
  warnings: string[]
}

/**
 * @param open opens and tests a file; leaves nothing open when it is refused
 * @throws {ModelError} when the model does not fit its manifest entry
 */
export async function openObjectDetector (
  model: SizedObjectDetector,
  open: (model: SizedObjectDetector, labels: string[]) => Promise<Session>
): Promise<OpenObjectDetector> {
  const labels = model.labels ?? parseNames(readOnnxFacts(model.path).metadata['names'] ?? '')
  const opened = async (model: SizedObjectDetector, warnings: string[]): Promise<OpenObjectDetector> => ({
    findObjects: createObjectDetector(model, await open(model, labels), labels),
    labels,
    features: featureContract(model),
    warnings
  })
  try {
    return await opened(model, [])
  } catch (error) {
    const { published } = model
    if (published === undefined || !(error instanceof ModelError)) throw error
    const { width, height } = published.input
    return await opened(published, [
      `The object detector ${model.id} cannot be opened with an input of any size and with its inner maps as outputs: ${error.message} It sees every photo at ${width} x ${height}, and tasks that were taught with its inner maps cannot be judged.`
    ])
  }
}
