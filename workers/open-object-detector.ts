/** Opens the object detector, with another input size where it bears one. */
import { ModelError } from './model-error.ts'
import { createObjectDetector, type ObjectDetector } from './object-detector.ts'
import { parseNames, readOnnxFacts } from './onnx-file.ts'
import type { Session } from './session.ts'
import type { Resolved, SizedObjectDetector } from './types.ts'
import type { ObjectDetectorModel } from '../src/models/manifest.ts'

export interface OpenObjectDetector {
  findObjects: ObjectDetector
  labels: string[]
  /** What the operator should know, in sentences. */
  warnings: string[]
}

/**
 * @param open opens and tests a file
 * @throws {ModelError} when the model does not fit its manifest entry
 */
export async function openObjectDetector (model: SizedObjectDetector, open: (model: Resolved<ObjectDetectorModel>, labels: string[]) => Promise<Session>): Promise<OpenObjectDetector> {
  const labels = model.labels ?? parseNames(readOnnxFacts(model.path).metadata['names'] ?? '')
  try {
    return { findObjects: createObjectDetector(model, await open(model, labels), labels), labels, warnings: [] }
  } catch (error) {
    const { published } = model
    if (published === undefined || !(error instanceof ModelError)) throw error
    const { width, height } = published.input
    return {
      findObjects: createObjectDetector(published, await open(published, labels), labels),
      labels,
      warnings: [`The input size of the object detector ${model.id} cannot be changed: ${error.message} It sees every photo at ${width} x ${height}.`]
    }
  }
}
